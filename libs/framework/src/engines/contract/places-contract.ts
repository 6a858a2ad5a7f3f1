import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestMariaDB } from '../../testing/test-mariadb.ts';
import type { TestPostgres } from '../../testing/test-postgres.ts';
import type { Engine } from '../engine.ts';
import { engine as mariadb } from '../mariadb/engine.ts';
import { engine as mysql } from '../mysql/engine.ts';
import type { Place } from '../place.ts';
import { engine as postgres } from '../postgres/engine.ts';
import { engine as sqlite } from '../sqlite/engine.ts';
import type { ContractServer } from './contract-server.ts';
import { formOfMysql, mysqlForm, shownByMysql } from './mysql-forms-contract.ts';

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

/** A MySQL or a MariaDB that runs. */
type MysqlServer = Pick<TestMariaDB, 'host' | 'port' | 'user' | 'password' | 'stop'>;

const noSource: ContractServer['source'] = { host: '', port: 0, user: '', password: '', database: '' };

/** Databases of a running MariaDB, which stops with the contract. */
export function mariadbDatabases(server: MysqlServer, source = noSource): WatchedServer {
  return databasesOf(mariadb, server, source);
}

/**
 * Databases of a MySQL that is not ours: it outlives the contract, so they have names that nobody else gives, and are
 * dropped at its end. (Seen: the databases of an earlier run failed the next one.)
 */
export function mysqlDatabases(server: MysqlServer, source = noSource): WatchedServer {
  const databases = databasesOf(mysql, server, source);
  const places = new Map<string, Place>();
  return {
    ...databases,
    place: (database) => {
      const place = databases.place(`datakit_test_${process.pid}_${database}`);
      places.set(database, place);
      return place;
    },
    stop: async () => {
      for (const place of places.values()) {
        if (await mysql.databaseExists(place)) await mysql.dropDatabase(place);
      }
      await server.stop();
    },
  };
}

function databasesOf(engine: Engine, server: MysqlServer, source: ContractServer['source']): WatchedServer {
  const { host, port, user, password } = server;
  return {
    engine,
    place: (database) => ({ engine: engine.name as 'mysql' | 'mariadb', host, port, user, password, database }),
    source,
    shown: shownByMysql,
    form: engine === mysql ? formOfMysql : mysqlForm,
    keepsTypes: false,
    catalogueState: `
      select concat_ws(' ', 'table', table_name, create_time) as state from information_schema.tables where table_schema = database()
      union all select concat_ws(' ', 'column', table_name, column_name, column_type, column_default, is_nullable)
        from information_schema.columns where table_schema = database()
      union all select concat_ws(' ', 'index', table_name, index_name, seq_in_index, column_name)
        from information_schema.statistics where table_schema = database()
      order by state`,
    stop: () => server.stop(),
  };
}
