import type { TableStructure } from '../engines/table-structure.ts';
import { qualified } from './owned-objects.ts';

/** Tables that others refer to come first, for engines that write foreign keys into the table. */
export function parentsFirst(tables: readonly TableStructure[]): TableStructure[] {
  const byName = new Map(tables.map((table) => [qualified(table.table), table]));
  const ordered = new Set<TableStructure>();
  const visit = (table: TableStructure, path: readonly TableStructure[]): void => {
    if (ordered.has(table) || path.includes(table)) return;
    for (const { references } of table.foreignKeys) {
      const parent = byName.get(qualified(references.table));
      if (parent) visit(parent, [...path, table]);
    }
    ordered.add(table);
  };
  for (const table of tables) visit(table, []);
  return [...ordered];
}
