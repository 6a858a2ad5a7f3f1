import { createHash } from 'node:crypto';
import type { TableStructure } from '../engines/table-structure.ts';

/** A short text that is equal for equal structures, whatever the order in which they were listed. */
export function fingerprint(tables: readonly TableStructure[]): string {
  const sorted = tables
    .map((structure) => ({
      ...structure,
      columns: sortByName(structure.columns),
      indexes: sortByName(structure.indexes),
      foreignKeys: [...structure.foreignKeys].sort((a, b) => compareTexts(a.columns.join(), b.columns.join())),
      checks: sortByName(structure.checks),
      triggers: sortByName(structure.triggers),
    }))
    .sort((a, b) => compareTexts(`${a.table.schema ?? ''}.${a.table.name}`, `${b.table.schema ?? ''}.${b.table.name}`));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 32);
}

function sortByName<Thing extends { readonly name: string }>(things: readonly Thing[]): Thing[] {
  return [...things].sort((a, b) => compareTexts(a.name, b.name));
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
