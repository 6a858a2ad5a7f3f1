import { parseColumnType } from '../../model/column-type.ts';
import type { Session } from '../session.ts';
import type {
  CheckStructure,
  ColumnStructure,
  ForeignKeyStructure,
  IndexStructure,
  TableName,
  TableStructure,
} from '../table-structure.ts';
import { columnDefault } from './column-types.ts';
import { toTrigger, triggersColumn } from './triggers.ts';

interface CatalogueRow extends Record<string, unknown> {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ColumnStructure[] | null;
  readonly primary_key: readonly string[] | null;
  readonly indexes: readonly (Omit<IndexStructure, 'invalid'> & { readonly invalid: boolean })[] | null;
  readonly foreign_keys: readonly ForeignKeyStructure[] | null;
  readonly checks: readonly CheckStructure[] | null;
  readonly triggers: readonly Parameters<typeof toTrigger>[0][] | null;
}

/** One query for all tables; partitions are reached through their parent, so kind `p` counts as a table. */
const catalogueQuery = `
  select n.nspname as schema, c.relname as name,
    (select json_agg(json_build_object(
        'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', not a.attnotnull,
        'default', pg_get_expr(d.adbin, d.adrelid), 'identity', a.attidentity <> '') order by a.attnum)
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select json_agg(a.attname order by k.position)
      from pg_constraint p cross join unnest(p.conkey) with ordinality as k (attnum, position)
      join pg_attribute a on a.attrelid = p.conrelid and a.attnum = k.attnum
      where p.conrelid = c.oid and p.contype = 'p') as primary_key,
    (select json_agg(json_build_object(
        'name', ic.relname, 'unique', i.indisunique, 'method', am.amname, 'invalid', not (i.indisvalid and i.indislive),
        'columns', (select json_agg(coalesce(a.attname, pg_get_indexdef(i.indexrelid, k.position::int, true)) order by k.position)
          from unnest(i.indkey::int2[]) with ordinality as k (attnum, position)
          left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum and k.attnum <> 0
          where k.position <= i.indnkeyatts)) order by ic.relname)
      from pg_index i join pg_class ic on ic.oid = i.indexrelid join pg_am am on am.oid = ic.relam
      where i.indrelid = c.oid and not i.indisprimary) as indexes,
    (select json_agg(json_build_object(
        'name', f.conname,
        'columns', (select json_agg(a.attname order by k.position) from unnest(f.conkey) with ordinality as k (attnum, position)
          join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.attnum),
        'references', json_build_object(
          'table', json_build_object('schema', rn.nspname, 'name', rc.relname),
          'columns', (select json_agg(a.attname order by k.position) from unnest(f.confkey) with ordinality as k (attnum, position)
            join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.attnum)),
        'onDelete', ${ruleName('f.confdeltype')}, 'onUpdate', ${ruleName('f.confupdtype')}) order by f.conname)
      from pg_constraint f join pg_class rc on rc.oid = f.confrelid join pg_namespace rn on rn.oid = rc.relnamespace
      where f.conrelid = c.oid and f.contype = 'f' and f.conparentid = 0) as foreign_keys,
    (select json_agg(json_build_object('name', k.conname, 'expression', pg_get_expr(k.conbin, k.conrelid)) order by k.conname)
      from pg_constraint k where k.conrelid = c.oid and k.contype = 'c') as checks,${triggersColumn} as triggers
  from unnest(?::text[], ?::text[]) as wanted (schema, name)
  join pg_namespace n on n.nspname = wanted.schema
  join pg_class c on c.relnamespace = n.oid and c.relname = wanted.name and c.relkind in ('r', 'p')`;

function ruleName(column: string): string {
  return `case ${column} when 'c' then 'cascade' when 'n' then 'set null' when 'd' then 'set default' when 'r' then 'restrict' else 'no action' end`;
}

/** Reads those of the named tables that exist; `public` where a name has no schema. */
export async function readTables(session: Session, tables: readonly TableName[]): Promise<TableStructure[]> {
  if (tables.length === 0) return [];
  const rows = await session.query<CatalogueRow>(catalogueQuery, [
    tables.map((table) => table.schema ?? 'public'),
    tables.map((table) => table.name),
  ]);
  return rows.map((row) => ({
    table: { schema: row.schema, name: row.name },
    columns: (row.columns ?? []).map((column) => ({
      ...column,
      default: column.default === null ? null : columnDefault(column.default, parseColumnType(column.type)),
    })),
    primaryKey: row.primary_key ?? [],
    // A valid one says nothing of it, so that what earlier versions deployed stays up to date.
    indexes: (row.indexes ?? []).map(({ invalid, ...index }) => (invalid ? { ...index, invalid } : index)),
    foreignKeys: row.foreign_keys ?? [],
    checks: row.checks ?? [],
    triggers: (row.triggers ?? []).map(toTrigger),
  }));
}
