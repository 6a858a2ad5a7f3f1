import type { TestPostgres } from '@datakit/framework/testing';
import { volatileColumns, type DatabaseState } from './database-state.ts';

const ours = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;
const tables = `pg_class c join pg_namespace n on n.oid = c.relnamespace and ${ours}`;
const name = `n.nspname || '.' || c.relname`;
const left = `'{${volatileColumns.join()}}'`;

/** One line an object: its name, and what it is. Rows are hashed by the server, from a query that is made for each table. */
const stateSql = `
  select 'schema ' || n.nspname, coalesce(n.nspacl::text, '') from pg_namespace n where ${ours} and n.nspname <> 'public'
  union all select 'column ' || ${name} || '.' || a.attname,
      concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid))
    from ${tables} join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum where c.relkind in ('r', 'v', 'm')
  union all select 'constraint ' || ${name} || '.' || k.conname, pg_get_constraintdef(k.oid)
    from ${tables} join pg_constraint k on k.conrelid = c.oid
  union all select 'index ' || ${name}, pg_get_indexdef(c.oid) || i.indisvalid
    from ${tables} join pg_index i on i.indexrelid = c.oid
  union all select 'trigger ' || ${name} || '.' || t.tgname, pg_get_triggerdef(t.oid)
    from ${tables} join pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal
  union all select 'view ' || ${name}, pg_get_viewdef(c.oid) from ${tables} where c.relkind in ('v', 'm')
  union all select 'rows ' || ${name}, (xpath('/row/rows/text()', query_to_xml(format(
      'select concat(count(*), '' rows, '', md5(string_agg(r, chr(10) order by r))) as rows
       from (select (to_jsonb(t) - %L::text[])::text as r from %s t) s', ${left}, c.oid::regclass), false, true, '')))[1]::text
    from ${tables} where c.relkind = 'r'`;

/** What a PostgreSQL database holds, asked by psql; empty where there is none of that name. */
export async function postgresState(server: TestPostgres, database: string): Promise<DatabaseState> {
  if (!(await server.databases()).includes(database)) return new Map();
  const compact = stateSql.replaceAll(/\s+/g, ' ');
  const text = await server.psql(
    database,
    `select o || chr(9) || replace(coalesce(w, ''), chr(10), ' ') from (${compact}) x (o, w)`,
  );
  const state = new Map<string, string>([['database', 'is there']]);
  for (const line of text.split('\n').filter(Boolean)) {
    const [object = '', what = ''] = line.split('\t', 2);
    state.set(object, what);
  }
  return state;
}
