import type { Session } from '../engines/session.ts';
import type { LoadedTable } from './ingest-request.ts';
import type { LoadContext } from './load-context.ts';
import type { LoadPlan } from './load-plan.ts';
import { loadTable } from './load-table.ts';
import type { TableContract } from './source-contract.ts';

/**
 * Loads one table, in as many commits as its cursor asks for: each batch is a load of its own, whose rows and cursor
 * state are one commit. A run that is killed loses at most the batch in hand, and the next one begins where it ended.
 */
export async function loadBatches(
  contract: TableContract,
  plan: LoadPlan,
  context: LoadContext,
  session: Session,
): Promise<LoadedTable> {
  const batches: LoadedTable[] = [];
  let after: string | undefined;
  do {
    const { loaded, next } = await loadTable(contract, plan, context, session, after);
    batches.push(loaded);
    after = next;
  } while (after !== undefined);
  return together(batches);
}

/** One line of the report for all batches; the id is that of the last one. */
function together(batches: readonly LoadedTable[]): LoadedTable {
  const last = batches.at(-1) as LoadedTable;
  if (batches.length === 1) return last;
  const sum = (count: 'read' | 'loaded' | 'quarantined' | 'bytes' | 'seconds'): number =>
    batches.reduce((total, batch) => total + batch[count], 0);
  return {
    ...last,
    read: sum('read'),
    loaded: sum('loaded'),
    quarantined: sum('quarantined'),
    bytes: sum('bytes'),
    seconds: sum('seconds'),
    published: `${batches.length} batches, the last by ${last.published}`,
    files: batches.flatMap(({ files }) => files),
  };
}
