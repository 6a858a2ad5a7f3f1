import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestMariaDB } from '../../testing/test-mariadb.ts';
import type { TestPostgres } from '../../testing/test-postgres.ts';
import { engine as mariadb } from '../mariadb/engine.ts';
import { engine as postgres } from '../postgres/engine.ts';
import { engine as sqlite } from '../sqlite/engine.ts';
import type { ContractServer } from './contract-server.ts';
import { mysqlForm, shownByMysql } from './mysql-forms-contract.ts';

/** A contract server with the query whose answer changes with every change of the catalogue. */
export type WatchedServer = ContractServer & { readonly catalogueState: string };

/** Databases as files of a temporary folder. */
export function sqliteFiles(
  source: ContractServer['source'] = { host: '', port: 0, user: '', password: '', database: '' },
): WatchedServer {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-contract-'));
  return {
    engine: sqlite,
    place: (database) => ({ engine: 'sqlite', file: join(folder, 'new folder', `${database}.sqlite`) }),
    source,
    shown: (column) => `typeof(${column}) || ':' || iif(typeof(${column}) = 'blob', hex(${column}), ${column})`,
    keepsTypes: false,
    catalogueState: 'select * from pragma_schema_version',
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Databases of a running server, which stops with the contract. */
export function postgresDatabases(server: TestPostgres): WatchedServer {
  const { host, port, user, password } = server;
  const address = { host, port, user, password };
  return {
    engine: postgres,
    place: (database) => ({ engine: 'postgres', ...address, database }),
    source: { ...address, database: 'postgres' },
    shown: (column) => `pg_typeof(${column})::text || ':' || ${column}::text`,
    keepsTypes: true,
    catalogueState: `
      select string_agg(c.oid || ' ' || c.xmin || ' ' || c.relname || coalesce(a.columns, ''), ',' order by c.oid) as state
      from pg_class c left join (
        select attrelid, string_agg(attname || xmin::text, ' ' order by attnum) as columns from pg_attribute group by 1) a on a.attrelid = c.oid
      where c.relnamespace::regnamespace::text !~ '^pg_' and c.relnamespace <> 'information_schema'::regnamespace`,
    stop: () => server.stop(),
  };
}

/** Databases of a running MariaDB, which stops with the contract. */
export function mariadbDatabases(
  server: TestMariaDB,
  source: ContractServer['source'] = { host: '', port: 0, user: '', password: '', database: '' },
): WatchedServer {
  const { host, port, user, password } = server;
  return {
    engine: mariadb,
    place: (database) => ({ engine: 'mariadb', host, port, user, password, database }),
    source,
    shown: shownByMysql,
    form: mysqlForm,
    keepsTypes: false,
    catalogueState: `
      select (select json_arrayagg(concat_ws(' ', table_name, create_time) order by table_name) from information_schema.tables
          where table_schema = database()) as tables,
        (select json_arrayagg(concat_ws(' ', table_name, column_name, column_type, column_default, is_nullable)
          order by table_name, column_name) from information_schema.columns where table_schema = database()) as columns,
        (select json_arrayagg(concat_ws(' ', table_name, index_name, column_name) order by table_name, index_name, seq_in_index)
          from information_schema.statistics where table_schema = database()) as indexes`,
    stop: () => server.stop(),
  };
}
