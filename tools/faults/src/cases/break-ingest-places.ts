import type { Lab } from '../harness/fault-case.ts';

/** A row of some 100 bytes; together ten megabytes or so. */
export const rows = 100_000;

export type Name = 'PostgreSQL' | 'MariaDB';

/** A server as the source or the target of a load. */
export interface Place {
  readonly port: number;
  url(port: number, database: string): string;
  /** Makes a database with the rows of the source. */
  fill(database: string): Promise<unknown>;
  /** Number of rows, of distinct rows and of loads. */
  loaded(database: string): Promise<string>;
  drop(database: string): Promise<unknown>;
  /** Ends the sessions of a database, as an administrator does. */
  endSessions(database: string): Promise<unknown>;
  /** Kills the server, and starts it again after a while. */
  crash(downMs: number): Promise<void>;
}

/** The servers that loads are broken between; undefined where one of them is missing. */
export function placesOf({ postgres, mariadb }: Lab): Readonly<Record<Name, Place>> | undefined {
  if (!postgres || !mariadb) return undefined;
  const { server: pg } = postgres;
  const { server: maria } = mariadb;
  return {
    PostgreSQL: {
      port: pg.port,
      url: (port, database) => `postgresql://${pg.user}@127.0.0.1:${port}/${database}`,
      fill: async (database) => {
        await pg.psql('postgres', `create database ${database}`);
        await pg.psql(
          database,
          `create table item as select id, repeat(md5(id::text), 3)::varchar(100) as label from generate_series(1, ${rows}) id`,
        );
      },
      loaded: async (database) =>
        (
          await pg.psql(
            database,
            `select concat(count(*), ' ', count(distinct id), ' ', (select count(*) from _datakit.loads)) from broken.item`,
          )
        ).trim(),
      drop: (database) => pg.psql('postgres', `drop database if exists ${database} with (force)`),
      endSessions: (database) =>
        pg.psql('postgres', `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`),
      crash: (downMs) => pg.crash(downMs),
    },
    MariaDB: {
      port: maria.port,
      url: (port, database) => `mariadb://${maria.user}@127.0.0.1:${port}/${database}`,
      fill: (database) =>
        maria.mariadb(
          'information_schema',
          `create database ${database}; use ${database}; create table item (id int not null primary key, label varchar(100) not null);
           insert into item select seq, repeat(md5(seq), 3) from seq_1_to_${rows}`,
        ),
      loaded: async (database) =>
        (
          await maria.mariadb(
            database,
            `select concat(count(*), ' ', count(distinct id), ' ', (select count(*) from _datakit_loads)) from broken_item`,
          )
        ).trim(),
      drop: (database) => maria.mariadb('information_schema', `drop database if exists ${database}`),
      endSessions: async (database) => {
        const ids = await maria.mariadb('information_schema', `select id from processlist where db = '${database}'`);
        // One that has ended by itself meanwhile is no longer there to be killed.
        for (const id of ids.split('\n').filter(Boolean))
          await maria.mariadb('information_schema', `kill ${id}`).catch(() => undefined);
      },
      crash: (downMs) => maria.crash(downMs),
    },
  };
}
