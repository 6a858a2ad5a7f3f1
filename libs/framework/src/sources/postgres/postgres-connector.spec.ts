import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connect, type PostgresSession } from '../../engines/postgres/connect.ts';
import { quote } from '../../engines/postgres/quote.ts';
import { formatColumnType, type ColumnType } from '../../model/column-type.ts';
import { describeWith, startPostgres } from '../../testing/index.ts';
import type { PostgresAddress } from '../../settings/postgres-url.ts';
import { describeConnector } from '../connector-contract.ts';
import { hostileName, largeRows, type ContractSource } from '../contract-source.ts';
import { PostgresConnector } from './postgres-connector.ts';

const wrongPassword = `wr0ng'"@:/?#[]%20 é`;

async function start(
  version: 'system' | 'embedded',
): Promise<ContractSource & { admin: PostgresSession; address: PostgresAddress }> {
  const server = await startPostgres({ version });
  const { host, port, user, password, socketFolder } = server;
  const address = { host, port, user, password, database: 'postgres' };
  const admin = await connect({ engine: 'postgres', ...address });
  for (const sql of [
    'create schema contract',
    'create table contract.item (id integer primary key, label text)',
    'create table contract.empty (id integer not null, label text)',
    `insert into contract.item values (1, 'a'), (2, null), (3, E'a\\tb"c\\\\')`,
    'create view contract.seen as select id from contract.item order by id',
    `create table contract.large as select id, repeat('l', 100) as label from generate_series(1, ${largeRows}) as id`,
    `create table contract.${quote(hostileName)} (${quote(hostileName)} text)`,
    `insert into contract.${quote(hostileName)} values ('x')`,
    'analyze contract.item, contract.large',
  ]) {
    await admin.execute(sql);
  }
  return {
    admin,
    address,
    schema: 'contract',
    connectors: {
      'password over TCP': () => new PostgresConnector(address),
      ...(socketFolder === undefined
        ? {}
        : { 'unix socket': () => new PostgresConnector({ ...address, host: socketFolder, password: undefined }) }),
    },
    unreachable: () => new PostgresConnector({ ...address, port: 1 }),
    refused: () => new PostgresConnector({ ...address, password: wrongPassword }),
    secret: wrongPassword,
    addRow: async () => void (await admin.execute(`insert into contract.item values (4, 'later')`)),
    openSessions: async () => {
      // A session that was closed is gone for the server a moment later.
      for (let attempt = 0; ; attempt++) {
        const [row] = await admin.query<{ n: number }>(
          `select count(*)::int as n from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
        );
        if (row?.n === 0 || attempt === 50) return row?.n ?? -1;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    stop: async () => {
      await admin[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}

describeConnector('PostgreSQL, embedded', () => start('embedded'));

describeWith(['postgres'], 'PostgreSQL as installed', () => {
  describeConnector('as a source', () => start('system'));

  let source: Awaited<ReturnType<typeof start>>;
  let connector: PostgresConnector;
  let silent: Server;
  beforeAll(async () => {
    source = await start('system');
    connector = new PostgresConnector(source.address);
    silent = createServer().listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    silent?.close();
    await connector?.[Symbol.asyncDispose]();
    await source?.stop();
  });

  it('shows enums as text, and domains as what they are made of, through all of them', async () => {
    for (const sql of [
      `create type contract.mood as enum ('sad', 'ok')`,
      'create domain contract.year as integer check (value > 1900)',
      'create domain contract.late_year as contract.year check (value > 2000)',
      'create domain contract.price as numeric(5, 2)',
      'create domain contract.mine as contract.mood',
      `create table contract.typed (m contract.mood, y contract.year, l contract.late_year not null, p contract.price, i contract.mine,
        c varchar(7), t timestamptz(3), a text[], s smallint, moods contract.mood[], years contract.year[], d double precision, v tsvector, b bpchar, "Strange ""name" text)`,
      'alter table contract.typed drop column s',
    ]) {
      await source.admin.execute(sql);
    }
    const [table] = await connector.listTables('contract', ['typed']);
    expect(table?.columns.map(({ name, type, nullable }) => [name, formatColumnType(type), nullable])).toEqual([
      ['m', 'text', true],
      ['y', 'integer', true],
      ['l', 'integer', false],
      ['p', 'numeric(5,2)', true],
      ['i', 'text', true],
      ['c', 'character varying(7)', true],
      ['t', 'timestamp(3) with time zone', true],
      ['a', 'text[]', true],
      ['moods', 'text[]', true],
      ['years', 'integer[]', true],
      ['d', 'double precision', true],
      ['v', 'tsvector', true],
      ['b', 'bpchar', true],
      ['Strange "name', 'text', true],
    ]);
    expect(table?.estimatedRows).toBeUndefined();
    const queried = await connector.describeQuery('typed', 'select * from contract.typed');
    const types = (columns: readonly { type: ColumnType }[]): string[] =>
      columns.map(({ type }) => formatColumnType(type));
    expect(types(queried.columns)).toEqual(types(table?.columns ?? []));
    await expect(connector.describeQuery('twins', 'select 1 as a, 2 as a')).rejects.toMatchObject({ code: 'CONTRACT' });
  });

  it('reads partitions through their parent, and lists views', async () => {
    for (const sql of [
      'create schema parts',
      'create table parts.paid (id integer, day date) partition by range (day)',
      `create table parts.paid_2023 partition of parts.paid for values from ('2023-01-01') to ('2024-01-01')`,
      `create table parts.paid_later partition of parts.paid for values from ('2024-01-01') to (maxvalue) partition by list (id)`,
      'create table parts.paid_later_rest partition of parts.paid_later default',
      `insert into parts.paid values (1, '2023-05-05'), (2, '2024-05-05'), (3, '2025-05-05')`,
      'create view parts.seen as select id from parts.paid',
      'create materialized view parts.kept as select id from parts.paid',
      'analyze',
    ]) {
      await source.admin.execute(sql);
    }
    const tables = await connector.listTables('parts');
    expect(tables.map(({ name }) => name)).toEqual(['kept', 'paid', 'seen']);
    expect(tables.find(({ name }) => name === 'paid')?.estimatedRows).toBe(3);
  });

  it('that fails before anybody reads its rows tells whoever reads them, and ends nothing else', async () => {
    await source.admin.execute('create view contract.failing as select 1 / (random() * 0)::integer as id');
    await connector.withSnapshot(async (snapshot) => {
      const { rows } = await snapshot.read({
        schema: 'contract',
        table: 'failing',
        columns: [{ name: 'id', from: 'id', type: { kind: 'integer' } }],
        constants: [],
        format: 'text-rows',
      });
      await sleep(300);
      await expect(text(rows)).rejects.toMatchObject({
        code: 'SOURCE_FAILED',
        details: { sqlState: '22012' },
      });
    });
  });

  it('names what means something in its own database alone as text', async () => {
    for (const sql of [
      'create type contract.pair as (a integer, b text)',
      'create type contract.span as range (subtype = integer)',
      'create table contract.own (c contract.pair, cs contract.pair[], r regclass, s contract.span, ss contract.span[], k aclitem, i inet[])',
    ]) {
      await source.admin.execute(sql);
    }
    const [table] = await connector.listTables('contract', ['own']);
    expect(table?.columns.map(({ name, type }) => [name, formatColumnType(type)])).toEqual([
      ['c', 'text'],
      ['cs', 'text[]'],
      ['r', 'text'],
      ['s', 'contract.span'],
      ['ss', 'text[]'],
      ['k', 'text'],
      ['i', 'inet[]'],
    ]);
  });

  it('does not list what the user may not read', async () => {
    await source.admin.execute(`create role reader login password 'reader-Pass'`);
    await source.admin.execute('grant usage on schema contract to reader');
    await using asReader = new PostgresConnector({ ...source.address, user: 'reader', password: 'reader-Pass' });
    expect(await asReader.listTables('contract')).toEqual([]);
    expect(await asReader.listSchemas()).toContain('contract');
    expect(await asReader.listSchemas()).not.toContain('parts');
  });

  it('gives up on a server that takes the connection and says nothing', async () => {
    const { port } = silent.address() as AddressInfo;
    const begun = performance.now();
    await expect(new PostgresConnector({ ...source.address, port }).testConnection()).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
    });
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  it('names a database that is not there', async () => {
    const other = new PostgresConnector({ ...source.address, database: 'not_there' });
    await expect(other.testConnection()).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: expect.stringContaining('not_there'),
    });
  });
});
