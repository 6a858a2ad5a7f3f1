import { v7 as uuidV7 } from 'uuid';
import { currentInstant } from '../report/instant.ts';
import { accountName } from '../settings/account-name.ts';
import type { LedgerRows } from './ledger-rows.ts';

/** Makes the bookkeeping of a copied database that of the run that copied it, as if it had made all of it. */
export async function adoptCopy(rows: LedgerRows, runId: string, startedAt: string): Promise<void> {
  const now = currentInstant();
  const deployment = { deployment_id: uuidV7() };
  await rows.update('database', { kind: 'disposable', created_by_run: runId, recorded_at: now }, 'id = 1');
  await rows.update('objects', { run_id: runId, created_at: now }, '1 = 1');
  await rows.update(
    'deployments',
    { ...deployment, run_id: runId, deployed_by: accountName(), started_at: startedAt, finished_at: now },
    '1 = 1',
  );
  await rows.update('statements', deployment, '1 = 1');
}
