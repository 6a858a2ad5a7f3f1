import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { StructureChange } from '../engines/structure-change.ts';
import type { TableName, TableStructure } from '../engines/table-structure.ts';
import { adoptCopy } from './adopt-copy.ts';
import { completeLedger, missingFrom } from './complete-ledger.ts';
import { CreatedObjects } from './created-objects.ts';
import { Cursors } from './cursors.ts';
import { DatabaseMarkerRow, type DatabaseKind, type DatabaseMarker } from './database-marker.ts';
import { Deployments } from './deployments.ts';
import { LedgerRows } from './ledger-rows.ts';
import { firstVersionTables, ledgerTableName, ledgerTables } from './ledger-tables.ts';
import { LoadedFiles } from './loaded-files.ts';
import { Loads } from './loads.ts';

/** What a database tells about earlier deployments. */
export interface Bookkeeping {
  /** A deployment was here, be it one of an earlier version, whose tables have fewer columns. */
  readonly isThere: boolean;
  /** What this version would add. */
  readonly missing: readonly StructureChange[];
  readonly marker: DatabaseMarker | undefined;
  /** Those of the other tables that are there. */
  readonly others: readonly TableStructure[];
}

/** The bookkeeping inside a target. Every method runs in the session's own transaction, if it has one. */
export class Ledger {
  readonly marker: DatabaseMarkerRow;
  readonly deployments: Deployments;
  readonly objects: CreatedObjects;
  readonly loads: Loads;
  readonly files: LoadedFiles;
  readonly cursors: Cursors;
  readonly #engine: Engine;
  readonly #session: Session;

  constructor(engine: Engine, session: Session) {
    this.#engine = engine;
    this.#session = session;
    const rows = new LedgerRows(engine, session);
    this.marker = new DatabaseMarkerRow(rows);
    this.deployments = new Deployments(rows);
    this.objects = new CreatedObjects(rows);
    this.loads = new Loads(rows);
    this.files = new LoadedFiles(rows, engine, session);
    this.cursors = new Cursors(rows, engine, session);
  }

  /** True where a deployment made the bookkeeping, be it one of an earlier version, whose tables have fewer columns. */
  async exists(): Promise<boolean> {
    return (await this.look()).isThere;
  }

  /**
   * Reads what is there, in one look at the catalogue.
   * @param others tables of which the caller wants to know, too
   */
  async look(others: readonly TableName[] = []): Promise<Bookkeeping> {
    const own = ledgerTables(this.#engine).map(({ table }) => table);
    const found = await this.#engine.readTables(this.#session, [...own, ...others]);
    const isOwn = ({ table }: TableStructure): boolean =>
      own.some(({ schema, name }) => name === table.name && schema === table.schema);
    const live = found.filter(isOwn);
    const isThere = firstVersionTables.every((table) => {
      const { name } = ledgerTableName(table, this.#engine);
      return live.some((each) => each.table.name === name);
    });
    return {
      isThere,
      missing: missingFrom(live, this.#engine),
      marker: isThere ? await this.marker.read() : undefined,
      others: found.filter((each) => !isOwn(each)),
    };
  }

  /**
   * Makes what is missing of the bookkeeping, and records what the database is.
   * Runs under a lock of the whole database: of five concurrent `create schema if not exists` two fail.
   *
   * @param kind `disposable` only where this run created the database itself
   * @param found what a look just found; it saves another one
   */
  async create(kind: DatabaseKind, runId: string, timeoutSeconds: number, found?: Bookkeeping): Promise<void> {
    const { missing, marker } = found ?? (await this.look());
    if (missing.length === 0 && marker && (kind === 'plain' || marker.kind === kind)) return;
    const lock = { key: 'bookkeeping', shared: false };
    await this.#engine.transaction(this.#session, { locks: [lock], timeoutSeconds }, async () => {
      const now = (await this.look()).missing;
      await completeLedger(this.#engine, this.#session, now, () => this.marker.write(kind, runId));
    });
  }

  /** Makes the bookkeeping of a copied database that of the run that copied it. */
  async adoptCopy(runId: string, startedAt: string): Promise<void> {
    const rows = new LedgerRows(this.#engine, this.#session);
    await this.#engine.transaction(this.#session, { locks: [], timeoutSeconds: 0 }, () =>
      adoptCopy(rows, runId, startedAt),
    );
  }
}
