import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployTo } from '../../deploy/deploy.ts';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { connect, type PostgresSession } from '../../engines/postgres/connect.ts';
import type { DatakitError } from '../../errors/datakit-error.ts';
import { bronzeExtra } from '../../model/bronze-extra.ts';
import { bronzeMetadata } from '../../model/bronze-metadata.ts';
import { defineDatakit, type Datakit } from '../../model/datakit.ts';
import type { AnyEntity } from '../../model/entity.ts';
import type { ContractModes } from '../../model/source-contract.ts';
import { postgresSource, type SourceDefinition } from '../../model/source-definition.ts';
import type { Finding } from '../../report/run-report.ts';
import { TargetDatabase } from '../../targets/target-database.ts';
import { ingestInto } from '../ingest.ts';
import type { IngestOptions, LoadedTable } from '../ingest-request.ts';

/** A table with something that every kind of bad row is bad in. */
export const Item = defineEntity({
  name: 'Item',
  tableName: 'item',
  properties: {
    id: p.integer().primary().autoincrement(false),
    amount: p.integer().nullable(),
    price: p.decimal().precision(5).scale(2).nullable(),
    day: p.date().nullable(),
    label: p.string().length(5),
    ...bronzeExtra,
    ...bronzeMetadata,
  },
});

/** How an ingest ended. */
export interface Outcome {
  readonly error?: DatakitError;
  readonly table?: LoadedTable;
  readonly findings: readonly Finding[];
}

/** A source to spoil and a target that is empty before each test. */
export interface LoadBench {
  readonly server: WatchedServer;
  readonly source: PostgresSession;
  /** Folder for files. */
  readonly out: string;
  /** The name of a table of the datakit in the target, quoted. */
  named(table: string): string;
  /** The name of a table of the bookkeeping there. */
  ledger(table: string): string;
  load(contract: ContractModes, options?: Partial<IngestOptions>, from?: SourceDefinition): Promise<Outcome>;
  rows<Row extends Record<string, unknown>>(sql: string): Promise<Row[]>;
}

/** Makes it before the tests of a `describe`, and stops it after them. */
export function loadBench(start: () => Promise<WatchedServer>, entity: AnyEntity = Item): () => LoadBench {
  let server: WatchedServer;
  let source: PostgresSession;
  let target: TargetDatabase;
  let out: string;
  const kit = (contract: ContractModes = {}, from: SourceDefinition = postgresSource({ system: 'shop' })): Datakit =>
    defineDatakit({ name: 'bronze-shop', layer: 'bronze', source: from, contract, tables: [entity] });
  const inSchema = (schema: string, table: string): string =>
    target.engine.quoteTable(target.engine.supportsSchemas ? { schema, name: table } : { name: `${schema}_${table}` });
  const named = (table: string): string => inSchema('bronze_shop', table);
  const ledger = (table: string): string => inSchema('_datakit', table);
  beforeAll(async () => {
    // Here, and not above: nobody would remove the folder of tests that are skipped.
    out = mkdtempSync(join(tmpdir(), 'datakit-bad-rows-'));
    server = await start();
    source = await connect({ engine: 'postgres', ...server.source });
    const where = { kind: 'place', place: server.place('bad_rows') } as const;
    const rest = { name: 'test', inMemory: false, protected: false, workspaceRoot: '/', environment: {} };
    target = await TargetDatabase.open({ ...rest, where });
    await deployTo(kit(), target, { runId: 'run' });
  });
  afterAll(async () => {
    await target?.drop();
    await target?.[Symbol.asyncDispose]();
    await source?.[Symbol.asyncDispose]();
    await server?.stop();
    if (out) rmSync(out, { recursive: true });
  });
  beforeEach(async () => {
    const table = entity.meta.tableName;
    await source.execute(`drop table if exists ${table}`);
    const session = await target.connect();
    for (const each of [named(table), ledger('loads'), ledger('quarantine')])
      await session.execute(`delete from ${each}`);
    await target.disconnect(session);
  });
  return () => ({
    ...{ server, source, out, named, ledger },
    load: async (contract, options = {}, from) => {
      const findings: Finding[] = [];
      const onEvent: IngestOptions['onEvent'] = (event) =>
        void (event.kind === 'findings' && findings.push(...event.findings));
      const { user, password, host, port, database } = server.source;
      const sourceUrl = `postgresql://${user}:${encodeURIComponent(password ?? '')}@${host}:${port}/${database}`;
      try {
        const request = { runId: 'run', ...(from ? {} : { sourceUrl }), out, onEvent, ...options };
        const { tables } = await ingestInto(kit(contract, from), target, request);
        return { table: tables[0] as LoadedTable, findings };
      } catch (error) {
        return { error: error as DatakitError, findings };
      }
    },
    rows: async <Row extends Record<string, unknown>>(sql: string): Promise<Row[]> => {
      const session = await target.connect();
      try {
        return await session.query<Row>(sql);
      } finally {
        await target.disconnect(session);
      }
    },
  });
}
