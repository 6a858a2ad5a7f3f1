import { v7 as uuidV7 } from 'uuid';
import type { Row } from '../engines/session.ts';
import { currentInstant } from '../report/instant.ts';
import { accountName } from '../settings/account-name.ts';
import type { LedgerRows } from './ledger-rows.ts';

/** One deployment. */
export interface DeploymentRecord {
  readonly runId: string;
  readonly datakit: string;
  readonly modelFingerprint: string;
  readonly liveFingerprint: string;
  readonly planHash: string;
  readonly tool: string;
  readonly startedAt: string;
  readonly statements: readonly { readonly object: string; readonly class: string; readonly sql: string }[];
}

/** Who deployed what, when, with which statements. */
export class Deployments {
  readonly #rows: LedgerRows;

  constructor(rows: LedgerRows) {
    this.#rows = rows;
  }

  /** Fingerprints of the last deployment of a datakit, and its plan; an earlier version did not record that. */
  async last(
    datakit: string,
  ): Promise<{ modelFingerprint: string; liveFingerprint: string; planHash: string | undefined } | undefined> {
    // Ids are UUIDs of version 7, so the greatest is the latest, whatever the clock did since.
    const [row] = await this.#rows.select<
      Row & { model_fingerprint: string; live_fingerprint: string; plan_hash?: string | null }
    >('deployments', 'where datakit = ? order by deployment_id desc limit 1', [datakit]);
    return (
      row && {
        modelFingerprint: row.model_fingerprint,
        liveFingerprint: row.live_fingerprint,
        planHash: row.plan_hash ?? undefined,
      }
    );
  }

  async record(record: DeploymentRecord): Promise<void> {
    const deploymentId = uuidV7();
    await this.#rows.insert('deployments', {
      deployment_id: deploymentId,
      run_id: record.runId,
      datakit: record.datakit,
      model_fingerprint: record.modelFingerprint,
      live_fingerprint: record.liveFingerprint,
      plan_hash: record.planHash,
      tool: record.tool,
      deployed_by: accountName(),
      started_at: record.startedAt,
      finished_at: currentInstant(),
    });
    await this.#rows.insert(
      'statements',
      ...record.statements.map(({ object, class: statementClass, sql }, position) => ({
        deployment_id: deploymentId,
        position,
        object,
        class: statementClass,
        sql,
      })),
    );
  }

  /** Forgets the deployments of a run whose tables are dropped, so that the next one does not find itself up to date. */
  async forgetRun(runId: string): Promise<void> {
    await this.#rows.delete('deployments', 'run_id = ?', [runId]);
  }
}
