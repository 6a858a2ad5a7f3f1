import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployTo } from '../../deploy/deploy.ts';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { connect, type PostgresSession } from '../../engines/postgres/connect.ts';
import { bronzeMetadata } from '../../model/bronze-metadata.ts';
import { defineDatakit } from '../../model/datakit.ts';
import type { Expectation } from '../../model/expectation.ts';
import { freshness, range, relationship, rowCount, sql } from '../../model/expectations.ts';
import { postgresSource } from '../../model/source-definition.ts';
import { table } from '../../model/table.ts';
import type { Finding } from '../../report/run-report.ts';
import { TargetDatabase } from '../../targets/target-database.ts';
import { ingestInto } from '../ingest.ts';
import type { IngestOptions } from '../ingest-request.ts';

const Owner = defineEntity({
  name: 'Owner',
  tableName: 'owner',
  properties: { id: p.integer().primary().autoincrement(false), ...bronzeMetadata },
});
const Pet = defineEntity({
  name: 'Pet',
  tableName: 'pet',
  properties: {
    id: p.integer().primary().autoincrement(false),
    weight: p.decimal().precision(5).scale(2).nullable(),
    owner_id: p.integer().nullable(),
    seen_at: p.datetime(6).nullable(),
    ...bronzeMetadata,
  },
});

/** What readers see of a load whose rows are not as expected: nothing. */
export function describeAudit(name: string, start: () => Promise<WatchedServer>): void {
  describe(`an audited load into ${name}`, () => {
    let server: WatchedServer;
    let source: PostgresSession;
    let out: string;
    beforeAll(async () => {
      out = mkdtempSync(join(tmpdir(), 'datakit-audit-'));
      server = await start();
      source = await connect({ engine: 'postgres', ...server.source });
      await source.execute('create table owner (id integer primary key)');
      await source.execute(
        'create table pet (id integer primary key, weight numeric(5,2), owner_id integer, seen_at timestamptz)',
      );
    });
    afterAll(async () => {
      await source?.[Symbol.asyncDispose]();
      await server?.stop();
      rmSync(out, { recursive: true });
    });
    beforeEach(async () => {
      await source.execute('truncate owner, pet');
      await source.execute('insert into owner values (1)');
      await source.execute(`insert into pet values (1, 5, 1, '2020-01-01'), (2, 6, 1, null)`);
    });

    const kit = (...expectations: Expectation[]) =>
      defineDatakit({
        name: 'bronze-pets',
        layer: 'bronze',
        source: postgresSource({ system: 'pets' }),
        tables: [Owner, table(Pet, { expect: expectations as never })],
      });

    async function open(database: string) {
      const where = { kind: 'place', place: server.place(database) } as const;
      const target = await TargetDatabase.open({
        ...{ name: 'test', inMemory: false, protected: false, where, workspaceRoot: '/', environment: {} },
      });
      const { host, port, user, password, database: at } = server.source;
      const sourceUrl = `postgresql://${user}:${password}@${host}:${port}/${at}`;
      const { engine } = target;
      const named = (table: string): string =>
        engine.supportsSchemas ? `bronze_pets.${table}` : `bronze_pets_${table}`;
      await deployTo(kit(), target, { runId: 'run' });
      const reader = await target.connect();
      return {
        named,
        async load(expectations: Expectation[], options: Partial<IngestOptions> = {}) {
          const findings: Finding[] = [];
          const onEvent: IngestOptions['onEvent'] = (event) =>
            void (event.kind === 'findings' && findings.push(...event.findings));
          const request = { runId: 'run', sourceUrl, tables: ['pet'], out, onEvent, ...options };
          const error: unknown = await ingestInto(kit(...expectations), target, request).then(
            () => undefined,
            (failure: unknown) => failure,
          );
          return { error, findings };
        },
        ids: async (of = 'pet') =>
          (await reader.query<{ id: number }>(`select id from ${named(of)} order by id`)).map(({ id }) => id),
        loads: async () =>
          (await reader.query(`select load_id from ${engine.supportsSchemas ? '_datakit.loads' : '_datakit_loads'}`))
            .length,
        [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
      };
    }

    it('that fails leaves the old rows, their files and the ledger as they were', async () => {
      await using target = await open('audit_error');
      const good = [range('weight', { above: 0 }), rowCount({ min: 2 })];
      const formats = ['table', 'json'] as const;
      expect(await target.load(good, { formats })).toEqual({ error: undefined, findings: [] });
      const manifest = (): string => readFileSync(join(out, 'pets', 'pet', 'manifest.json'), 'utf8');
      const published = manifest();
      const folders = readdirSync(join(out, 'pets', 'pet'));

      await source.execute(`update pet set weight = -77.25 where id = 2`);
      await source.execute(`insert into pet values (3, 0, null, null), (4, 1, null, null)`);
      const { error, findings } = await target.load(good, { formats });

      expect(error).toMatchObject({
        code: 'CHECK_FAILED',
        message: expect.stringContaining('pet.weight: out of range; expected more than 0, found 2 of 4 rows'),
        details: { table: 'pet' },
      });
      expect(JSON.stringify(error)).not.toContain('77.25');
      expect(findings).toEqual([
        expect.objectContaining({ check: 'range', severity: 'error', object: 'pet.weight', failed: 2 }),
      ]);
      expect(await target.ids()).toEqual([1, 2]);
      expect(await target.loads()).toBe(1);
      expect(manifest()).toBe(published);
      expect(readdirSync(join(out, 'pets', 'pet'))).toEqual(folders);

      await source.execute(`update pet set weight = 1`);
      expect((await target.load(good, { formats })).error).toBeUndefined();
      expect(await target.ids()).toEqual([1, 2, 3, 4]);
    });

    it('that only warns is published and says so', async () => {
      await using target = await open('audit_warn');
      const stale = freshness('seen_at', { maxAge: '1 hour' });
      const { error, findings } = await target.load([range('weight', { max: 5, severity: 'warn' }), stale]);
      expect(error).toBeUndefined();
      expect(findings).toEqual([
        expect.objectContaining({ severity: 'warn', object: 'pet.weight', found: '1 of 2 rows' }),
      ]);
      expect(await target.ids()).toEqual([1, 2]);
    });

    it('looks for parents that are published already or by the same ingest, and leaves the others to validate', async () => {
      await using target = await open('audit_parents');
      const orphans = [
        relationship('owner_id', Owner),
        sql('select id from ${table} where owner_id not in (select id from ${table:owner})'),
      ];
      await source.execute('insert into pet values (3, 1, 9, null)');
      // No owner was ever loaded.
      expect((await target.load(orphans)).error).toBeUndefined();
      // Loaded by the same ingest, which is therefore first.
      const together = await target.load(orphans, { tables: ['pet', 'owner'] });
      expect(together.error).toMatchObject({ code: 'CHECK_FAILED' });
      expect(await target.ids('owner')).toEqual([1]);
      expect(await target.ids()).toEqual([1, 2, 3]);
      const { error, findings } = await target.load(orphans);
      expect(error).toMatchObject({ code: 'CHECK_FAILED' });
      expect(findings.map(({ check, failed }) => [check, failed])).toEqual([
        ['relationship', 1],
        ['sql', 1],
      ]);
      await source.execute('delete from pet where id = 3');
      expect((await target.load(orphans)).error).toBeUndefined();
    });

    it('does not begin with an expectation that makes no sense', async () => {
      await using target = await open('audit_invalid');
      expect((await target.load([range('seen_at', { min: 'soon' })])).error).toMatchObject({ code: 'DATAKIT_INVALID' });
      expect(await target.loads()).toBe(0);
    });
  });
}
