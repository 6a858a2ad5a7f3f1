import { v7 as uuidV7 } from 'uuid';
import type { LoadedTable } from './ingest-request.ts';
import type { SourceSnapshot } from '../sources/source-connector.ts';
import type { LoadContext } from './load-context.ts';
import type { LoadPlan } from './load-plan.ts';
import { loadTable, type LoadTrial, type TableLoad } from './load-table.ts';
import { isOfSource, retryLoad } from './retry-load.ts';
import type { SourceSnapshots } from './source-snapshots.ts';
import type { TableContract } from './source-contract.ts';
import type { TargetDatabase } from '../targets/target-database.ts';

/**
 * Loads one table, in as many commits as its cursor asks for: each batch is a load of its own, whose rows and cursor
 * state are one commit. A run that is killed loses at most the batch in hand, and the next one begins where it ended.
 * Each batch is tried again where a fault that passes ended it.
 */
export async function loadBatches(
  contract: TableContract,
  plan: LoadPlan,
  context: LoadContext,
  snapshots: SourceSnapshots,
  database: TargetDatabase,
): Promise<LoadedTable> {
  const batches: LoadedTable[] = [];
  const begun = performance.now();
  let after: string | undefined;
  do {
    const trial: LoadTrial = { loadId: uuidV7(), ...(after === undefined ? {} : { after }) };
    try {
      const { loaded, next } = await tryLoad(trial);
      batches.push(loaded);
      after = next;
    } catch (error) {
      await context.onFailure(failed(trial.loadId));
      throw error;
    }
  } while (after !== undefined);
  return together(batches);

  /** What the batches that were committed came to, by the id of the load that failed. */
  function failed(loadId: string): LoadedTable {
    const status = context.signal.aborted ? 'cancelled' : 'failed';
    const seconds = (performance.now() - begun) / 1000;
    const table = contract.table.name;
    if (batches.length > 0) {
      const published = batches.length === 1 ? 'the first batch' : `the first ${batches.length} batches`;
      return { ...together(batches), loadId, status, seconds, published };
    }
    const none = { read: 0, loaded: 0, quarantined: 0, bytes: 0, files: [] };
    return { table, loadId, status, ...none, seconds, published: 'nothing' };
  }

  async function tryLoad(trial: LoadTrial): Promise<TableLoad> {
    let broken: SourceSnapshot | undefined;
    const work = async (attempt: number): Promise<TableLoad> => {
      const snapshot = broken ? await snapshots.replace(broken) : snapshots.current;
      broken = undefined;
      try {
        const session = await database.connect();
        try {
          const load = await loadTable(contract, plan, { ...context, snapshot }, session, trial);
          return attempt === 1 ? load : { ...load, loaded: { ...load.loaded, attempts: attempt } };
        } finally {
          await database.disconnect(session);
        }
      } catch (error) {
        if (isOfSource(error)) broken = snapshot;
        throw error;
      }
    };
    return await retryLoad(work, context.signal, (attempt, attempts, error) =>
      context.onRetry(contract.table.name, attempt, attempts, error),
    );
  }
}

/** One line of the report for all batches; the id is that of the last one. */
function together(batches: readonly LoadedTable[]): LoadedTable {
  const last = batches.at(-1) as LoadedTable;
  if (batches.length === 1) return last;
  const attempts = batches.reduce((total, batch) => total + (batch.attempts ?? 1), 0);
  const sum = (count: 'read' | 'loaded' | 'quarantined' | 'bytes' | 'seconds'): number =>
    batches.reduce((total, batch) => total + batch[count], 0);
  return {
    ...last,
    read: sum('read'),
    loaded: sum('loaded'),
    quarantined: sum('quarantined'),
    bytes: sum('bytes'),
    seconds: sum('seconds'),
    ...(attempts > batches.length ? { attempts } : {}),
    published: `${batches.length} batches, the last by ${last.published}`,
    files: batches.flatMap(({ files }) => files),
  };
}
