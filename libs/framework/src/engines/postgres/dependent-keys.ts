import { DatakitError } from '../../errors/datakit-error.ts';
import type { Obstacle, TouchedTable } from '../obstacle.ts';
import type { Session } from '../session.ts';
import type { StructureChange } from '../structure-change.ts';
import { quote, quoteTable } from './quote.ts';
import { withQualifiedNames } from './qualified-names.ts';

/**
 * The server drops no primary key and no table that a foreign key points to; it changes types under one by itself.
 * @throws DESTRUCTIVE for a foreign key of a table that stays, to one that goes
 */
export async function dependentKeys(
  session: Session,
  touched: readonly TouchedTable[],
  changes: readonly StructureChange[],
): Promise<Obstacle[]> {
  const tables = touched
    .filter(({ changesKey, isDropped }) => changesKey || isDropped)
    .map(({ table }) => quoteTable(table));
  if (tables.length === 0) return [];
  const rows = await withQualifiedNames(session, () =>
    session.query<{
      schema: string;
      table: string;
      name: string;
      definition: string;
      parent: string;
      primary: boolean;
    }>(
      `select n.nspname as schema, c.relname as table, f.conname as name, pg_get_constraintdef(f.oid) as definition,
         r.relname as parent, p.oid is not null as primary
       from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_class r on r.oid = f.confrelid
       left join pg_constraint p on p.conrelid = f.confrelid and p.conindid = f.conindid and p.contype = 'p'
       where f.contype = 'f' and f.conparentid = 0 and f.confrelid = any (select to_regclass(x) from unnest(?::text[]) x)
       order by n.nspname, c.relname, f.conname`,
      [tables],
    ),
  );
  const staying = rows.filter((row) => !isDroppedAnyway(row, changes));
  const dropped = new Set(touched.filter(({ isDropped }) => isDropped).map(({ table }) => table.name));
  const lost = staying.find(({ parent }) => dropped.has(parent));
  if (lost) throw losesKey(lost);
  return staying
    .filter(({ primary }) => primary)
    .map((row) => {
      const alter = `alter table ${quoteTable({ schema: row.schema, name: row.table })}`;
      return {
        object: `foreign key ${row.name} of ${row.schema}.${row.table}`,
        remove: [`${alter} drop constraint ${quote(row.name)}`],
        restore: [`${alter} add constraint ${quote(row.name)} ${row.definition}`],
      };
    });
}

interface Key {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
}

function isDroppedAnyway(key: Key, changes: readonly StructureChange[]): boolean {
  return changes.some(
    (change) =>
      (change.kind === 'drop table' && change.table.schema === key.schema && change.table.name === key.table) ||
      (change.kind === 'alter table' &&
        change.from.table.schema === key.schema &&
        change.from.table.name === key.table &&
        change.parts.some((part) => part.kind === 'drop foreign key' && part.foreignKey.name === key.name)),
  );
}

function losesKey({ schema, table, name, parent }: Key & { readonly parent: string }): DatakitError {
  return new DatakitError({
    code: 'DESTRUCTIVE',
    message: `The plan drops ${parent}, to which the foreign key ${name} of ${schema}.${table} points; nothing was changed.`,
    hint: 'Drop that foreign key first, or keep the table.',
    details: { objects: [parent], foreignKey: name },
  });
}
