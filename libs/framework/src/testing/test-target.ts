import { v7 as uuidV7 } from 'uuid';
import { currentInstant } from '../report/instant.ts';
import { ingestInto } from '../ingest/ingest.ts';
import type { LoadedTable } from '../ingest/ingest-request.ts';
import { Ledger } from '../ledger/ledger.ts';
import { ledgerTableName } from '../ledger/ledger-tables.ts';
import { isView } from '../model/build.ts';
import { tableName, type Datakit } from '../model/datakit.ts';
import type { AnyEntity } from '../model/entity.ts';
import { cleanUp, deploy, openTarget, validate } from '../runs/functional-api.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import type { TargetRequest } from '../targets/target-definition.ts';
import type { ValidateResult } from '../validate/validate.ts';
import { completeRows } from './complete-rows.ts';
import type { GivenRows } from './given-rows.ts';
import { readRows, type ReadRow } from './read-rows.ts';
import { withUpstream } from './upstream-datakits.ts';
import { writeRows } from './write-rows.ts';

/** A row that was set aside. */
export interface QuarantinedRow {
  readonly reason: string;
  /** Its columns as texts. */
  readonly row: Readonly<Record<string, string | null>>;
}

/** A disposable target with datakits in it, for tests of one of them. */
export interface TestTarget extends AsyncDisposable {
  readonly database: TargetDatabase;
  /** Puts rows into tables, many as fast as few; columns that are not given are made up. */
  load(...given: readonly GivenRows[]): Promise<void>;
  /** Builds the tables of a silver or gold datakit, or only some of them. @throws what `ingest` throws */
  build(datakit: Datakit, only?: readonly AnyEntity[]): Promise<readonly LoadedTable[]>;
  /** The rows of a table or view in the order of its key, the same on every engine. */
  rows<Entity extends AnyEntity>(entity: Entity): Promise<ReadRow<Entity>[]>;
  /** What the last build of a table set aside. */
  quarantined(datakit: Datakit, entity: AnyEntity): Promise<QuarantinedRow[]>;
  validate(datakit: Datakit): Promise<ValidateResult>;
}

/**
 * Deploys datakits, and those that they build on, into a target of their own. All their tables count as loaded, and are empty. At its end what was
 * created is dropped again.
 *
 * @param datakits what they build on is deployed, too
 * @param target as commands name it; `sqlite_memory`, which needs nothing and takes no time, unless told otherwise
 * @example
 * ```ts
 * await using target = await deployTestTarget([gold]);
 * ```
 */
export async function deployTestTarget(
  datakits: readonly Datakit[],
  target: string | TargetRequest = 'sqlite_memory',
): Promise<TestTarget> {
  const database = await openTarget(target);
  const { engine } = database;
  const inTransaction = async (work: (session: Awaited<ReturnType<typeof database.connect>>) => Promise<void>) => {
    const session = await database.connect();
    try {
      await engine.transaction(session, { locks: [], timeoutSeconds: 10 }, () => work(session));
    } finally {
      await database.disconnect(session);
    }
  };
  const looked = async <Result>(look: (session: Awaited<ReturnType<typeof database.connect>>) => Promise<Result>) => {
    const session = await database.connect();
    try {
      return await look(session);
    } finally {
      await database.disconnect(session);
    }
  };
  const end = async (): Promise<void> => {
    try {
      if (!database.inMemory) await cleanUp(database);
    } finally {
      await database[Symbol.asyncDispose]();
    }
  };
  const deployed = [...new Set(datakits.flatMap(withUpstream))];
  try {
    for (const datakit of deployed) await deploy(datakit, database);
    await inTransaction(async (session) => {
      const { loads } = new Ledger(engine, session);
      for (const datakit of deployed) {
        for (const { entity, options } of datakit.tables) {
          if (!isView(options.build)) await loads.record(emptyLoad(datakit, entity));
        }
      }
    });
  } catch (error) {
    await end();
    throw error;
  }
  return {
    database,
    load: (...given) =>
      inTransaction(async (session) => {
        for (const table of completeRows(given, { seed: 1, choice: 'first' })) await writeRows(table, engine, session);
      }),
    build: async (datakit, only) => {
      const tables = only ? { tables: only.map(tableName) } : {};
      return (await ingestInto(datakit, database, { runId: uuidV7(), ...tables })).tables;
    },
    rows: async <Entity extends AnyEntity>(entity: Entity) =>
      (await looked((session) => readRows(entity, engine, session))) as ReadRow<Entity>[],
    quarantined: (datakit, entity) =>
      looked(async (session) => {
        const rows = await session.query<{ reason: string; source_row: string }>(
          `select reason, source_row from ${engine.quoteTable(ledgerTableName('quarantine', engine))} where datakit = ? and table_name = ? order by load_id, reject`,
          [datakit.name, tableName(entity)],
        );
        return rows.map((row) => ({ reason: row.reason, row: JSON.parse(row.source_row) as QuarantinedRow['row'] }));
      }),
    validate: (datakit) => validate(datakit, database),
    [Symbol.asyncDispose]: end,
  };
}

function emptyLoad({ name }: Datakit, entity: AnyEntity): Parameters<Ledger['loads']['record']>[0] {
  return {
    ...{ loadId: uuidV7(), runId: 'test', datakit: name, table: tableName(entity) },
    ...{ sourceSystem: 'test', sourceTable: tableName(entity), sourceHost: 'test', extractionMethod: 'full_snapshot' },
    ...{ disposition: 'replace', published: 'insert', formats: ['table'], definition: '', startedAt: currentInstant() },
    ...{ rowsRead: 0, rowsLoaded: 0, rowsQuarantined: 0, bytes: 0 },
  };
}
