import { connect, type MysqlPlace, type MysqlSession } from '../../../engines/mysql/connect.ts';
import { mysqlFlavour } from '../../../engines/mysql/flavour.ts';
import { quote } from '../../../engines/mysql/quote.ts';
import { mariadbFlavour } from '../../../engines/mariadb/flavour.ts';
import { machineMysql, startMariaDB } from '../../../testing/index.ts';
import { hostileName, largeRows, type ContractSource } from '../../contract-source.ts';
import { MysqlConnector } from '../mysql-connector.ts';

const wrongPassword = `wr0ng'"@:/?#[]%20 é`;

/** A database of its own on a server, with a session in it. */
export type MysqlTestSource = ContractSource & { admin: MysqlSession; place: MysqlPlace };
type Server = { host: string; port: number; user: string; password: string; socket?: string; stop(): Promise<void> };

async function start(server: Server, engine: 'mysql' | 'mariadb'): Promise<MysqlTestSource> {
  const { host, port, user, password, socket } = server;
  const flavour = engine === 'mysql' ? mysqlFlavour : mariadbFlavour;
  const schema = `datakit_test_${process.pid}_${Math.floor(Math.random() * 1e9)}`;
  const place: MysqlPlace = { engine, host, port, user, password, database: schema };
  const { database: _, ...anywhere } = place;
  const admin = await connect(anywhere, flavour);
  await admin.execute(`create database ${schema} character set utf8mb4`);
  await admin.execute(`use ${schema}`);
  for (const sql of [
    'create table item (id int not null primary key, label text)',
    'create table empty (id int not null, label text)',
    `insert into item values (1, 'a'), (2, null), (3, 'a\\tb"c\\\\')`,
    'create view seen as select id from item order by id',
    'create table large (id int not null, label varchar(100))',
    `create table ${quote(hostileName)} (${quote(hostileName)} text)`,
    `insert into ${quote(hostileName)} values ('x')`,
    'analyze table item',
    `set session ${engine === 'mysql' ? 'cte_max_recursion_depth' : 'max_recursive_iterations'} = ${largeRows}`,
    `insert into large with recursive n (id) as (select 1 union all select id + 1 from n where id < ${largeRows})
      select id, repeat('l', 100) from n`,
    'analyze table large',
  ]) {
    await admin.query(sql);
  }
  const count = 'select count(*) as n from information_schema.processlist where db = ? and id <> connection_id()';
  return {
    admin,
    place,
    schema,
    connectors: {
      'password over TCP': () => new MysqlConnector(place),
      ...(socket === undefined ? {} : { 'unix socket': () => new MysqlConnector({ ...place, host: socket }) }),
    },
    unreachable: () => new MysqlConnector({ ...place, port: 1 }),
    refused: () => new MysqlConnector({ ...place, password: wrongPassword }),
    secret: wrongPassword,
    addRow: async () => void (await admin.execute(`insert into item values (4, 'later')`)),
    openSessions: async () => {
      // A session that was closed is gone for the server a moment later.
      for (let attempt = 0; ; attempt++) {
        const [row] = await admin.query<{ n: number }>(count, [schema]);
        if (Number(row?.n) === 0 || attempt === 100) return Number(row?.n);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    stop: async () => {
      await admin.execute(`drop database ${schema}`);
      await admin[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}

/** On a MariaDB that stops with it. */
export const mariadbTestSource = async (): Promise<MysqlTestSource> => start(await startMariaDB(), 'mariadb');
/** On the MySQL of the machine. */
export const mysqlTestSource = (): Promise<MysqlTestSource> => start(machineMysql(), 'mysql');
