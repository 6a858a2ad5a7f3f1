import type { TableStructure } from '../engines/table-structure.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';
import type { PendingRename } from './find-renames.ts';
import { qualified } from './owned-objects.ts';

/** A live table as it will be when the renames are done; its foreign keys follow those of other tables. */
export function tableAfter(live: TableStructure, renames: readonly PendingRename[]): TableStructure {
  const own = renames.find(({ from }) => qualified(from) === qualified(live.table));
  const column = (name: string): string => own?.columns.find(({ from }) => from === name)?.to ?? name;
  return {
    ...live,
    table: own?.to ?? live.table,
    columns: live.columns.map((each) => ({ ...each, name: column(each.name) })),
    primaryKey: live.primaryKey.map(column),
    indexes: live.indexes.map((index) => ({
      ...index,
      name: own?.indexes.find(({ from }) => from.name === index.name)?.to.name ?? index.name,
      columns: index.columns.map(column),
    })),
    foreignKeys: live.foreignKeys.map((key) => {
      const parent = renames.find(({ from }) => qualified(from) === qualified(key.references.table));
      const theirs = (name: string): string => parent?.columns.find(({ from }) => from === name)?.to ?? name;
      return {
        ...key,
        columns: key.columns.map(column),
        references: { table: parent?.to ?? key.references.table, columns: key.references.columns.map(theirs) },
      };
    }),
  };
}

/** What is recorded of a table, under the names that it will have. Objects of other tables stay as they are. */
export function objectAfter<Recorded extends LedgerObject>(
  object: Recorded,
  renames: readonly PendingRename[],
): Recorded {
  for (const { from, to, columns, indexes } of renames) {
    const [old, now] = [qualified(from), qualified(to)];
    if (object.kind === 'table' && object.object === old) return { ...object, object: now };
    if (!object.object.startsWith(`${old}.`) || object.kind === 'table' || object.kind === 'view') continue;
    const name = object.object.slice(old.length + 1);
    const column = (text: string): string => columns.find((each) => each.from === text)?.to ?? text;
    const index = object.kind === 'index' ? indexes.find((each) => each.from.name === name)?.to.name : undefined;
    const isOfColumns = object.kind === 'column' || object.kind === 'foreign key';
    const renamed = index ?? (isOfColumns ? name.split(', ').map(column).join(', ') : name);
    return { ...object, object: `${now}.${renamed}` };
  }
  return object;
}
