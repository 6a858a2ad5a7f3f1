import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deployTo } from '../deploy/deploy.ts';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import type { WatchedServer } from '../engines/contract/places-contract.ts';
import type { Session } from '../engines/session.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import { validateTarget } from './validate.ts';

const Studio = defineEntity({
  name: 'Studio',
  tableName: 'studio',
  properties: { id: p.integer().primary().autoincrement(false) },
});
const Film = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: {
    id: p.integer().primary().autoincrement(false),
    title: p.text().index(),
    length: p.integer().default(90),
    note: p.text().nullable(),
    studio: () => p.manyToOne(Studio).nullable(),
  },
  uniques: [{ properties: ['title', 'length'] }],
});
const shop = datakitOf([Studio, Film], 'shop');

/** Types are named in the engine's own words. */
const anyText = expect.stringMatching(/text$/) as never;

type Finding = Readonly<Record<string, string | null>>;

/** One change by hand, as servers alter a table and as SQLite, which cannot, has it made anew. */
interface ByHand {
  readonly name: string;
  readonly postgres: string;
  /** Where it is not PostgreSQL's with a prefix instead of a schema. */
  readonly mysql?: string;
  /** Replaces a text in the statement that made the table; a statement of its own where it has a space after its verb. */
  readonly sqlite: readonly [from: string, to: string] | string;
  readonly finding: Finding;
}

const changes: readonly ByHand[] = [
  {
    name: 'a dropped foreign key',
    postgres: 'alter table shop.film drop constraint film_studio_foreign',
    mysql: 'alter table shop_film drop foreign key shop_film_studio_foreign, drop index shop_film_studio_foreign',
    sqlite: [
      `foreign key ("studio") references "shop_studio" ("id") on delete set null on update cascade`,
      'check (1)',
    ],
    finding: { object: 'film.studio', kind: 'foreign key missing', severity: 'error', found: null },
  },
  {
    name: 'another default',
    postgres: 'alter table shop.film alter length set default 91',
    sqlite: ['default 90', 'default 91'],
    finding: { object: 'film.length', kind: 'default', severity: 'error', expected: '90', found: '91' },
  },
  {
    name: 'a dropped default',
    postgres: 'alter table shop.film alter length drop default',
    sqlite: ['default 90', ''],
    finding: { object: 'film.length', kind: 'default', severity: 'error', expected: '90', found: null },
  },
  {
    name: 'another nullability',
    postgres: 'alter table shop.film alter note set not null',
    mysql: 'alter table shop_film modify note longtext not null',
    sqlite: ['"note" text', '"note" text not null'],
    finding: { object: 'film.note', kind: 'nullability', severity: 'error', expected: 'nullable', found: 'not null' },
  },
  {
    name: 'another type',
    postgres: 'alter table shop.film alter note type bytea using null',
    mysql: 'alter table shop_film modify note longblob',
    sqlite: ['"note" text', '"note" blob'],
    finding: { object: 'film.note', kind: 'type', severity: 'error', expected: anyText },
  },
  {
    name: 'a dropped column',
    postgres: 'alter table shop.film drop note',
    sqlite: 'alter table shop_film drop column note',
    finding: { object: 'film.note', kind: 'column missing', severity: 'error', expected: anyText, found: null },
  },
  {
    name: 'an extra column',
    postgres: 'alter table shop.film add extra integer',
    sqlite: 'alter table shop_film add column extra integer',
    finding: {
      object: 'film.extra',
      kind: 'column not declared',
      severity: 'error',
      expected: null,
      found: expect.stringMatching(/^int/) as never,
    },
  },
  {
    name: 'a dropped index',
    postgres: 'drop index shop.film_title_index',
    mysql: 'drop index shop_film_title_index on shop_film',
    sqlite: 'drop index shop_film_title_index',
    finding: {
      object: expect.stringMatching(/^film\.\w*film_title_index$/) as never,
      kind: 'index missing',
      severity: 'error',
    },
  },
  {
    name: 'an extra index, which is only worth a warning',
    postgres: 'create index extra on shop.film (note)',
    mysql: 'create index extra on shop_film (note(20))',
    sqlite: 'create index extra on shop_film (note)',
    finding: { object: 'film.extra', kind: 'index not declared', severity: 'warn', expected: null },
  },
  {
    name: 'a unique index that no longer is',
    postgres:
      'drop index shop.film_title_length_unique; create index film_title_length_unique on shop.film (title, length)',
    mysql:
      'drop index shop_film_title_length_unique on shop_film; create index shop_film_title_length_unique on shop_film (title, length)',
    sqlite:
      'drop index shop_film_title_length_unique; create index shop_film_title_length_unique on shop_film (title, length)',
    finding: {
      kind: 'index',
      severity: 'error',
      expected: 'unique btree (title, length)',
      found: 'btree (title, length)',
    },
  },
  {
    name: 'another primary key',
    postgres: 'alter table shop.film drop constraint film_pkey; alter table shop.film add primary key (id, length)',
    mysql: 'alter table shop_film drop primary key, add primary key (id, length)',
    sqlite: ['primary key ("id")', 'primary key ("id", "length")'],
    finding: { object: 'film', kind: 'primary key', severity: 'error', expected: 'id', found: 'id, length' },
  },
  {
    name: 'a missing table',
    postgres: 'drop table shop.film',
    sqlite: 'drop table shop_film',
    finding: { object: 'film', kind: 'table missing', severity: 'error' },
  },
];

/** Validation names each difference once, and changes nothing. */
export function describeValidate(name: string, start: () => Promise<WatchedServer>): void {
  describe(`validation on ${name}`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => void (server = await start()));
    afterAll(() => server?.stop());

    async function openDatabase(database: string): Promise<TargetDatabase> {
      const where = { kind: 'place', place: server.place(database) } as const;
      return TargetDatabase.open({ name: 'test', inMemory: false, where, workspaceRoot: '/', environment: {} });
    }

    it.each(changes.map((change, index) => [change.name, change, index] as const))(
      'finds %s',
      async (_, change, index) => {
        await using database = await openDatabase(`validate_${index}`);
        await deployTo(shop, database, { runId: 'run' });
        expect(await validateTarget(shop, database)).toMatchObject({ tables: 2, findings: [] });
        const session = await database.connect();
        await changeByHand(session, change);
        const before = await session.query(server.catalogueState);
        const { findings } = await validateTarget(shop, database);
        expect(findings).toEqual([expect.objectContaining({ check: 'structure', ...change.finding })]);
        expect(await session.query(server.catalogueState)).toEqual(before);
      },
    );

    it('says NOT_DEPLOYED, and makes no database, schema or table', async () => {
      await using database = await openDatabase('nothing_here');
      await expect(validateTarget(shop, database)).rejects.toMatchObject({ code: 'NOT_DEPLOYED' });
      expect(await database.exists()).toBe(false);
      await database.create();
      const session = await database.connect();
      const before = await session.query(server.catalogueState);
      await expect(validateTarget(shop, database)).rejects.toMatchObject({
        code: 'NOT_DEPLOYED',
        hint: 'Run "deploy" first.',
      });
      expect(await session.query(server.catalogueState)).toEqual(before);
    });

    async function changeByHand(session: Session, { postgres, mysql, sqlite }: ByHand): Promise<void> {
      const { supportsSchemas, supportsConcurrentWriters } = server.engine;
      if (supportsSchemas) return void (await session.execute(postgres));
      const statements = supportsConcurrentWriters ? (mysql ?? postgres.replaceAll('shop.', 'shop_')) : sqlite;
      if (typeof statements === 'string') {
        for (const sql of statements.split('; ')) await session.execute(sql);
        return;
      }
      const [made] = await session.query<{ sql: string }>(`select sql from sqlite_schema where name = 'shop_film'`);
      const indexes = await session.query<{ sql: string }>(
        `select sql from sqlite_schema where type = 'index' and tbl_name = 'shop_film' and sql is not null`,
      );
      expect(made?.sql).toContain(statements[0]);
      await session.execute('drop table shop_film');
      for (const sql of [made!.sql.replace(...statements), ...indexes.map((index) => index.sql)])
        await session.execute(sql);
    }
  });
}
