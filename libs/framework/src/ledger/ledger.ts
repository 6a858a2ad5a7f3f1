import { v7 as uuidV7 } from 'uuid';
import type { Engine } from '../engines/engine.ts';
import type { Row, Session } from '../engines/session.ts';
import type { StructureChange } from '../engines/structure-change.ts';
import { accountName } from '../settings/account-name.ts';
import { currentInstant } from '../report/instant.ts';
import { isInstant, ledgerSchema, ledgerTableName, ledgerTables, type LedgerTable } from './ledger-tables.ts';

/** What a database is to us; recorded in it. */
export type DatabaseKind = 'disposable' | 'plain' | 'protected';

/** Something that a datakit created: `schema`, `table`, `column`, `index`, `foreign key`, `check`. */
export interface LedgerObject {
  readonly kind: string;
  /** By its name in the database: `bronze_pagila.film`, `bronze_pagila.film.length`. */
  readonly object: string;
}

/** Rows that one statement takes: round trips are what bookkeeping costs. */
const rowsPerStatement = 200;

function* chunks<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += rowsPerStatement)
    yield items.slice(start, start + rowsPerStatement);
}

/** One deployment. */
export interface DeploymentRecord {
  readonly runId: string;
  readonly datakit: string;
  readonly modelFingerprint: string;
  readonly liveFingerprint: string;
  readonly tool: string;
  readonly startedAt: string;
  readonly statements: readonly { readonly object: string; readonly class: string; readonly sql: string }[];
}

/** One published load. */
export interface LoadRecord {
  readonly loadId: string;
  readonly runId: string;
  readonly datakit: string;
  readonly table: string;
  readonly sourceSystem: string;
  readonly sourceTable: string;
  readonly sourceHost: string;
  readonly extractionMethod: string;
  readonly disposition: string;
  readonly published: string;
  readonly formats: readonly string[];
  readonly rowsRead: number;
  readonly rowsLoaded: number;
  readonly rowsQuarantined: number;
  readonly bytes: number;
  readonly startedAt: string;
}

/** The bookkeeping inside a target. Every method runs in the session's own transaction, if it has one. */
export class Ledger {
  readonly #engine: Engine;
  readonly #session: Session;

  constructor(engine: Engine, session: Session) {
    this.#engine = engine;
    this.#session = session;
  }

  /** True when all bookkeeping tables are there. */
  async exists(): Promise<boolean> {
    const wanted = ledgerTables(this.#engine).map((structure) => structure.table);
    return (await this.#engine.readTables(this.#session, wanted)).length === wanted.length;
  }

  /**
   * Makes the bookkeeping tables where they are missing and records what the database is.
   * Runs under a lock of the whole database: of five concurrent `create schema if not exists` two fail.
   *
   * @param kind `disposable` only where this run created the database itself
   */
  async create(kind: DatabaseKind, runId: string, timeoutSeconds: number): Promise<void> {
    if (kind === 'plain' && (await this.exists())) return;
    const lock = { key: 'bookkeeping', shared: false };
    await this.#engine.transaction(this.#session, { locks: [lock], timeoutSeconds }, async () => {
      const structures = ledgerTables(this.#engine);
      const there = await this.#engine.readTables(
        this.#session,
        structures.map((structure) => structure.table),
      );
      const names = new Set(there.map((structure) => structure.table.name));
      const missing = structures.filter((structure) => !names.has(structure.table.name));
      const marker = ledgerTableName('database', this.#engine).name;
      if (missing.length > 0) await this.#change({ kind: 'create schema', schema: ledgerSchema });
      // What the database is comes first: where every statement commits by itself, a killed run must not leave all tables
      // and no mark, which the next one would take for complete.
      for (const table of missing.filter((each) => each.table.name === marker)) {
        await this.#change({ kind: 'create table', table });
      }
      await this.#mark(kind, runId);
      for (const table of missing.filter((each) => each.table.name !== marker)) {
        await this.#change({ kind: 'create table', table });
      }
    });
  }

  async #change(change: StructureChange): Promise<void> {
    for (const { sql } of await this.#engine.statementsFor(this.#session, change)) await this.#session.execute(sql);
  }

  async #mark(kind: DatabaseKind, runId: string): Promise<void> {
    if (!(await this.database())) {
      await this.#insert('database', { id: 1, kind, created_by_run: runId, recorded_at: currentInstant() });
    } else if (kind === 'disposable') {
      // Another run found the new database before the one that created it could say so.
      await this.#session.execute(
        `update ${this.#name('database')} set kind = ?, created_by_run = ? where id = 1 and kind = 'plain'`,
        [kind, runId],
      );
    }
  }

  /** What the database is, and the run that created it; undefined where we have not been yet. */
  async database(): Promise<{ kind: DatabaseKind; createdByRun: string | null } | undefined> {
    const [row] = await this.#select<{ kind: DatabaseKind; created_by_run: string | null }>('database', 'where id = 1');
    return row && { kind: row.kind, createdByRun: row.created_by_run };
  }

  /** Fingerprints of the last deployment of a datakit. */
  async lastDeployment(datakit: string): Promise<{ modelFingerprint: string; liveFingerprint: string } | undefined> {
    // Ids are UUIDs of version 7, so the greatest is the latest, whatever the clock did since.
    const [row] = await this.#select<{ model_fingerprint: string; live_fingerprint: string }>(
      'deployments',
      'where datakit = ? order by deployment_id desc limit 1',
      [datakit],
    );
    return row && { modelFingerprint: row.model_fingerprint, liveFingerprint: row.live_fingerprint };
  }

  async recordDeployment(record: DeploymentRecord): Promise<void> {
    const deploymentId = uuidV7();
    await this.#insert('deployments', {
      deployment_id: deploymentId,
      run_id: record.runId,
      datakit: record.datakit,
      model_fingerprint: record.modelFingerprint,
      live_fingerprint: record.liveFingerprint,
      tool: record.tool,
      deployed_by: accountName(),
      started_at: record.startedAt,
      finished_at: currentInstant(),
    });
    await this.#insert(
      'statements',
      ...record.statements.map((statement, position) => ({ deployment_id: deploymentId, position, ...statement })),
    );
  }

  /** Forgets the deployments of a run whose tables are dropped, so that the next one does not find itself up to date. */
  async forgetDeployments(runId: string): Promise<void> {
    await this.#session.execute(`delete from ${this.#name('deployments')} where run_id = ?`, [runId]);
  }

  /** Everything that datakits created here, with its owner. */
  async objects(where: { datakit?: string; runId?: string } = {}): Promise<(LedgerObject & { datakit: string })[]> {
    const conditions = [...(where.datakit ? ['datakit = ?'] : []), ...(where.runId ? ['run_id = ?'] : [])];
    return this.#select<LedgerObject & { datakit: string } & Row>(
      'objects',
      `${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''} order by kind, object`,
      [where.datakit, where.runId].filter((value) => value !== undefined),
    );
  }

  /** Records what a run created; what was recorded before under the same name is replaced. */
  async recordObjects(datakit: string, runId: string, objects: readonly LedgerObject[]): Promise<void> {
    await this.forgetObjects(objects);
    const createdAt = currentInstant();
    await this.#insert(
      'objects',
      ...objects.map(({ kind, object }) => ({ kind, object, datakit, run_id: runId, created_at: createdAt })),
    );
  }

  async forgetObjects(objects: readonly LedgerObject[]): Promise<void> {
    for (const [kind, ofKind] of Map.groupBy(objects, (object) => object.kind)) {
      for (const chunk of chunks(ofKind)) {
        await this.#session.execute(
          `delete from ${this.#name('objects')} where kind = ? and object in (${chunk.map(() => '?').join(', ')})`,
          [kind, ...chunk.map(({ object }) => object)],
        );
      }
    }
  }

  async recordLoad(record: LoadRecord): Promise<void> {
    await this.#insert('loads', {
      load_id: record.loadId,
      run_id: record.runId,
      datakit: record.datakit,
      table_name: record.table,
      status: 'succeeded',
      source_system: record.sourceSystem,
      source_table: record.sourceTable,
      source_host: record.sourceHost,
      extraction_method: record.extractionMethod,
      disposition: record.disposition,
      published: record.published,
      formats: record.formats.join(','),
      rows_read: record.rowsRead,
      rows_loaded: record.rowsLoaded,
      rows_quarantined: record.rowsQuarantined,
      bytes: record.bytes,
      started_at: record.startedAt,
      published_at: currentInstant(),
    });
  }

  /** True when a load of that id was committed. */
  async hasLoad(loadId: string): Promise<boolean> {
    return (await this.#select('loads', 'where load_id = ?', [loadId])).length > 0;
  }

  async #select<Result extends Row>(
    table: LedgerTable,
    rest: string,
    parameters: readonly unknown[] = [],
  ): Promise<Result[]> {
    return this.#session.query<Result>(`select * from ${this.#name(table)} ${rest}`, parameters);
  }

  async #insert(table: LedgerTable, ...rows: readonly Row[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {});
    const names = columns.map((column) => this.#engine.quote(column)).join(', ');
    const row = `(${columns.map(() => '?').join(', ')})`;
    for (const chunk of chunks(rows)) {
      await this.#session.execute(
        `insert into ${this.#name(table)} (${names}) values ${chunk.map(() => row).join(', ')}`,
        chunk.flatMap((values) =>
          columns.map((column) =>
            isInstant(table, column) ? this.#engine.instant(values[column] as string) : values[column],
          ),
        ),
      );
    }
  }

  #name(table: LedgerTable): string {
    return this.#engine.quoteTable(ledgerTableName(table, this.#engine));
  }
}
