import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith, startMariaDB, startPostgres } from '../testing/index.ts';
import { mariadbDatabases, postgresDatabases, type WatchedServer } from './contract/places-contract.ts';
import type { Session } from './session.ts';
import type { TablePart } from './structure-change.ts';
import type { ColumnStructure, TableName, TableStructure } from './table-structure.ts';

type Columns = Readonly<Record<string, ColumnStructure>>;

function column(name: string, type: string, more: Partial<ColumnStructure> = {}): ColumnStructure {
  return { name, type, nullable: true, default: null, identity: false, ...more };
}

/** Each part of an alteration that a plan can have, on a table with the columns `id`, `a`, `b`, `t`. */
function partsOn(
  parent: TableName,
  { a, t }: Columns,
  types: { big: string; wide: string; call: string },
): TablePart[] {
  const of = (column: ColumnStructure | undefined) => column as ColumnStructure;
  const foreignKey = {
    name: 'to_parent',
    columns: ['b'],
    references: { table: parent, columns: ['id'] },
    onDelete: 'no action',
    onUpdate: 'no action',
  };
  return [
    { kind: 'add column', column: column('c', of(a).type) },
    { kind: 'add column', column: column('d', of(a).type, { default: '1', nullable: false }) },
    { kind: 'add column', column: column('e', types.wide, { default: types.call }) },
    { kind: 'change type', from: of(a), to: { ...of(a), type: types.big } },
    { kind: 'change type', from: of(t), to: { ...of(t), type: types.wide } },
    {
      kind: 'change nullability',
      from: { ...of(a), type: types.big },
      to: { ...of(a), type: types.big, nullable: false },
    },
    { kind: 'change default', from: of(t), to: { ...of(t), type: types.wide, default: "'x'" } },
    { kind: 'add index', index: { name: 'on_b', columns: ['b'], unique: false, method: 'btree' } },
    { kind: 'drop index', index: { name: 'on_b', columns: ['b'], unique: false, method: 'btree' } },
    { kind: 'add check', check: { name: 'b_check', expression: 'b < 100' } },
    { kind: 'drop check', check: { name: 'b_check', expression: 'b < 100' } },
    { kind: 'add foreign key', foreignKey },
    { kind: 'drop foreign key', foreignKey },
    { kind: 'drop column', column: column('c', of(a).type) },
  ];
}

/** Makes a table with rows, and gives its structure. */
async function makeTable(
  server: WatchedServer,
  session: Session,
  schema?: string,
): Promise<[TableStructure, TableName]> {
  const [table, parent] = ['live', 'parent'].map((name) => (schema === undefined ? { name } : { schema, name }));
  const { quoteTable, readTables } = server.engine;
  await session.execute(`create table ${quoteTable(parent as TableName)} (id integer primary key)`);
  await session.execute(
    `create table ${quoteTable(table as TableName)} (id integer primary key, a integer, b integer, t varchar(20))`,
  );
  await session.execute(`insert into ${quoteTable(parent as TableName)} values (1)`);
  await session.execute(`insert into ${quoteTable(table as TableName)} values (1, 1, 1, 'x')`);
  const [structure] = await readTables(session, [table as TableName]);
  return [structure as TableStructure, parent as TableName];
}

const columnsOf = (structure: TableStructure): Columns =>
  Object.fromEntries(structure.columns.map((each) => [each.name, each]));

describeWith(['postgres'], 'what a plan says that a statement costs on PostgreSQL', () => {
  let server: WatchedServer;
  beforeAll(async () => void (server = postgresDatabases(await startPostgres())));
  afterAll(() => server?.stop());

  it('is the lock that it takes, and whether the server wrote the table anew', async () => {
    const { engine } = server;
    const place = server.place('costs');
    await engine.createDatabase(place);
    await using session = await engine.connect(place);
    const [structure, parent] = await makeTable(server, session, 'public');
    const parts = partsOn(parent, columnsOf(structure), {
      big: 'bigint',
      wide: 'text',
      call: 'gen_random_uuid()::text',
    });
    const fileNode = async () => (await session.query(`select pg_relation_filenode('live') as node`))[0]?.['node'];
    for (const part of parts) {
      const change = { kind: 'alter table', from: structure, to: structure, parts: [part] } as const;
      const cost = engine.costOf(change, part);
      const before = await fileNode();
      await session.execute('begin');
      for (const { sql } of await engine.statementsFor(session, change)) await session.execute(sql);
      const modes = await session.query<{ mode: string }>(
        `select mode from pg_locks where pid = pg_backend_pid() and relation = 'live'::regclass and locktype = 'relation'`,
      );
      await session.execute('commit');
      const word = ({ mode }: { mode: string }) =>
        mode
          .replace(/Lock$/, '')
          .replaceAll(/(?<=.)([A-Z])/g, ' $1')
          .toLowerCase();
      const isRewritten = (await fileNode()) !== before;
      expect([part.kind, modes.map(word), cost?.work === 'rewrites']).toEqual([
        part.kind,
        expect.arrayContaining([cost?.lock]),
        isRewritten,
      ]);
      if (cost?.lock !== 'access exclusive') expect(modes.map(word)).not.toContain('access exclusive');
    }
  });
});

describeWith(['mariadb'], 'what a plan says that a statement costs on MariaDB', () => {
  let server: WatchedServer;
  beforeAll(async () => void (server = mariadbDatabases(await startMariaDB())));
  afterAll(() => server?.stop());

  it('is what the server agrees to: writers go on where nobody is said to wait', async () => {
    const { engine } = server;
    const place = server.place('costs');
    await engine.createDatabase(place);
    await using session = await engine.connect(place);
    const [structure, parent] = await makeTable(server, session);
    const parts = partsOn(parent, columnsOf(structure), { big: 'bigint(20)', wide: 'varchar(200)', call: '(uuid())' });
    const refused: string[] = [];
    for (const part of parts) {
      const change = { kind: 'alter table', from: structure, to: structure, parts: [part] } as const;
      const cost = engine.costOf(change, part);
      for (const { sql } of await engine.statementsFor(session, change)) {
        // The server refuses a statement that it could not do so.
        const online = cost?.blocks === 'nothing' ? `${sql}, lock = none` : sql;
        await session.execute(online).catch(() => refused.push(part.kind));
      }
      expect(cost).toBeDefined();
    }
    expect(refused).toEqual([]);
  });
});
