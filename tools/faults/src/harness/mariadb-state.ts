import type { TestMariaDB } from '@datakit/framework/testing';
import { rowsHash, volatileColumns, type DatabaseState } from './database-state.ts';

const structureSql = `
  select concat('column ', table_name, '.', column_name),
    concat_ws(' ', column_type, is_nullable, column_default, collation_name, extra, column_comment)
    from information_schema.columns where table_schema = database()
  union all select concat('index ', table_name, '.', index_name), concat(non_unique, ' ', group_concat(column_name order by seq_in_index))
    from information_schema.statistics where table_schema = database() group by table_name, index_name, non_unique
  union all select concat('foreign key ', table_name, '.', constraint_name), concat_ws(' ', referenced_table_name, delete_rule, update_rule)
    from information_schema.referential_constraints where constraint_schema = database()
  union all select concat('check ', table_name, '.', constraint_name), check_clause
    from information_schema.check_constraints where constraint_schema = database()
  union all select concat('trigger ', event_object_table, '.', trigger_name), replace(action_statement, '\\n', ' ')
    from information_schema.triggers where trigger_schema = database()
  union all select concat('view ', table_name), view_definition from information_schema.views where table_schema = database()`;

/** What a MariaDB database holds, asked by the `mariadb` program; empty where there is none of that name. */
export async function mariadbState(server: TestMariaDB, database: string): Promise<DatabaseState> {
  const there = await server.mariadb('information_schema', `select 1 from schemata where schema_name = '${database}'`);
  if (there === '') return new Map();
  const state = new Map<string, string>([['database', 'is there']]);
  const columns = new Map<string, string[]>();
  for (const line of (await server.mariadb(database, structureSql.replaceAll(/\s+/g, ' ')))
    .split('\n')
    .filter(Boolean)) {
    const [object = '', what = ''] = line.split('\t', 2);
    state.set(object, what);
    const [, table, column] = /^column ([^.]+)\.(.+)$/.exec(object) ?? [];
    if (table !== undefined && column !== undefined) columns.set(table, [...(columns.get(table) ?? []), column]);
  }
  // Comments in front of the rows tell which table they are of, also where there are none.
  const queries = [...columns].map(([table, names]) => {
    const kept = names.filter((column) => !volatileColumns.includes(column));
    const row = kept.map((column) => `quote(\`${column}\`)`).join(', ');
    return `select '#${table}'; select replace(concat_ws(',', ${row || "''"}), '\\n', ' ') from \`${table}\`;`;
  });
  let rows: string[] = [];
  const found = new Map<string, string[]>();
  for (const line of (await server.mariadb(database, queries.join(' '))).split('\n').filter(Boolean)) {
    if (line.startsWith('#')) found.set(line.slice(1), (rows = []));
    else rows.push(line);
  }
  for (const [table, ofTable] of found) state.set(`rows ${table}`, rowsHash(ofTable));
  return state;
}
