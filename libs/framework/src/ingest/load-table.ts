import { join } from 'node:path';
import type { Session } from '../engines/session.ts';
import { LoadFiles } from '../files/load-files.ts';
import { Ledger } from '../ledger/ledger.ts';
import { currentInstant } from '../report/instant.ts';
import { loadDefinition } from '../structure/load-definition.ts';
import { auditLoad } from './audit-load.ts';
import { CursorProgress } from './cursor-progress.ts';
import { FileProgress } from './file-progress.ts';
import { fileFormatsIn, type LoadedTable } from './ingest-request.ts';
import { cancelled, refuseWhenStopped, type LoadContext } from './load-context.ts';
import type { LoadPlan } from './load-plan.ts';
import { openWindow } from './load-window.ts';
import type { LoadMetadata } from './metadata-constants.ts';
import { hasNoRows, publishRows, type Publishing } from './publish-rows.ts';
import { quarantineRows } from './quarantine-rows.ts';
import { recoverFiles } from './recover-files.ts';
import { countsDiffer, RowReader } from './row-reader.ts';
import type { TableContract } from './source-contract.ts';
import { writeLoadFiles } from './write-load-files.ts';
import { writeRowsOf } from './write-rows.ts';

/** What one load came to. */
export interface TableLoad {
  readonly loaded: LoadedTable;
  /** Where the next batch begins; undefined after the last one. */
  readonly next: string | undefined;
}

/** One load, over all attempts at it. */
export interface LoadTrial {
  readonly loadId: string;
  /** Where the batch before ended; undefined for the first one. */
  readonly after?: string;
  /** What an attempt had done when it asked for its commit. Whether it got it, only the ledger knows. */
  outcome?: LoadOutcome;
}

interface LoadOutcome {
  readonly read: number;
  readonly rows: number;
  readonly quarantined: number;
  readonly published: { readonly way: string };
  readonly paths: readonly string[];
  readonly next: string | undefined;
}

/**
 * Loads one table: its rows, its files and its row in the ledger become visible in one commit, or not at all.
 * Readers see the old rows until then, and everything that hangs on the table stays. An attempt after one whose commit
 * was not answered looks first, under the lock, whether that one is there.
 */
export async function loadTable(
  contract: TableContract,
  plan: LoadPlan,
  context: LoadContext,
  session: Session,
  trial: LoadTrial,
): Promise<TableLoad> {
  const { engine } = context;
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  const identity = { loadId: trial.loadId, startedAt: currentInstant() };
  const usual: LoadMetadata = {
    ...identity,
    sourceSystem: context.sourceSystem,
    sourceTable: contract.sourceTable,
    sourceHost: context.connector.host,
    extractionMethod: plan.mode,
  };
  const metadata = { ...(await context.pipeline.addBronzeMetadata(usual)), ...identity };
  const lossy = contract.columns.filter((column) => column.lossy).map(({ name }) => name);
  const fileFormats = fileFormatsIn(context.formats);
  const files = new LoadFiles(join(context.out, context.sourceSystem, contract.table.name), context.targetPlace);
  const { table } = contract.table.structure;
  const transaction = {
    locks: [
      { key: `datakit:${context.schema}`, shared: true },
      { key: `table:${table.schema ?? ''}.${table.name}`, shared: false },
    ],
    timeoutSeconds: context.lockTimeout,
  };
  const ledger = new Ledger(engine, session);
  const progress = new CursorProgress(contract, plan, context, ledger);
  const fileProgress = new FileProgress(contract, plan, context, ledger);
  const writesTable = context.formats.includes('table');
  await using reader = new RowReader(contract, context, metadata, seconds);
  using _lock = fileFormats.length > 0 ? await files.lock(context.lockTimeout) : undefined;
  try {
    const result = await engine.transaction(session, transaction, async () => {
      if (fileFormats.length > 0) await recoverFiles(files, ledger);
      if (trial.outcome && (await ledger.loads.has(trial.loadId))) return { ...trial.outcome, wasThere: true };
      delete trial.outcome;
      const isEmpty =
        writesTable &&
        (plan.cursor !== undefined || plan.byFiles) &&
        (await hasNoRows(contract.table, engine, session));
      const window = await openWindow(contract, plan, context, await progress.last(isEmpty), trial.after);
      reader.range = window.range;
      reader.knownFiles = await fileProgress.known(isEmpty);
      const adds = plan.mode === 'incremental' || plan.disposition === 'append';
      const written = await writeLoadFiles(files, fileFormats, metadata, reader, adds);
      const published = writesTable
        ? await publishRows(
            {
              table: contract.table,
              columns: [...reader.columns, ...reader.constants].map(({ name }) => name),
              write: writeRowsOf(reader, context, session),
            },
            publishingOf(plan, metadata.startedAt),
            engine,
            session,
          )
        : { way: 'files', keepsEarlier: true };
      if (writesTable) await auditLoad(contract, context, session);
      const rows = reader.agreedRowCount();
      const { sifted } = reader;
      const read = sifted?.read ?? rows;
      const load = { loadId: metadata.loadId, datakit: context.datakit, table: contract.table.name };
      const quarantined = sifted ? await quarantineRows(sifted, load, engine, session) : 0;
      if (read !== rows + quarantined) throw countsDiffer(contract, read, rows + quarantined);
      await ledger.loads.record({
        loadId: metadata.loadId,
        runId: context.runId,
        datakit: context.datakit,
        table: contract.table.name,
        sourceSystem: metadata.sourceSystem,
        sourceTable: metadata.sourceTable,
        sourceHost: metadata.sourceHost,
        extractionMethod: metadata.extractionMethod,
        disposition: plan.disposition,
        published: published.way,
        formats: context.formats,
        rowsRead: read,
        rowsLoaded: rows,
        rowsQuarantined: quarantined,
        bytes: reader.bytes,
        startedAt: metadata.startedAt,
        definition: loadDefinition(contract.table, context.engine),
      });
      if (!published.keepsEarlier) await ledger.loads.forgetOld(context.datakit, contract.table.name);
      await progress.record(window.reached, metadata.loadId);
      await fileProgress.record(reader.files, metadata.loadId);
      refuseWhenStopped(context.signal);
      const next = window.hasMore ? window.reached : undefined;
      trial.outcome = { read, rows, quarantined, published, paths: written, next };
      return { ...trial.outcome, wasThere: false };
    });
    if (fileFormats.length > 0 && !result.wasThere) await files.publish(metadata.loadId);
    const loaded: LoadedTable = {
      table: contract.table.name,
      loadId: metadata.loadId,
      status: 'succeeded',
      read: result.read,
      loaded: result.rows,
      quarantined: result.quarantined,
      bytes: reader.bytes,
      seconds: seconds(),
      published: result.published.way,
      ...(lossy.length > 0 ? { lossy } : {}),
      files: result.paths,
    };
    return { loaded, next: result.next };
  } catch (error) {
    // Files of a load that may have been committed stay aside: the next attempt or run publishes or removes them.
    if (fileFormats.length > 0 && !trial.outcome) await files.discard(metadata.loadId);
    throw context.signal.aborted ? cancelled(error) : error;
  }
}

function publishingOf({ mode, disposition, key, gone, byFiles }: LoadPlan, at: string): Publishing {
  switch (disposition) {
    case 'replace':
      return { disposition };
    case 'append':
      // No file is read twice, so a key that is there already is a mistake, and not left out without a word.
      return { disposition, key: mode === 'incremental' && !byFiles ? key : undefined };
    case 'merge':
      // A part of the rows cannot tell which are gone.
      if (mode === 'incremental') return { disposition, key, gone: 'keep' };
      return { disposition, key, gone: typeof gone === 'object' ? { column: gone.mark, at } : gone };
  }
}
