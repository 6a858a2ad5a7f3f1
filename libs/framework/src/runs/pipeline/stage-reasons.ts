import { deployTo } from '../../deploy/deploy.ts';
import { discoverDatakit } from '../../discovery/discover-datakit.ts';
import { newInSource } from '../../ingest/new-in-source.ts';
import { whyIngest } from '../../ingest/why-ingest.ts';
import { Ledger } from '../../ledger/ledger.ts';
import type { Datakit } from '../../model/datakit.ts';
import { countOf } from '../../report/count-of.ts';
import { modelFingerprint } from '../../structure/fingerprints.ts';
import type { TargetDatabase } from '../../targets/target-database.ts';
import type { PipelineStage } from './pipeline-stage.ts';

/** Why a datakit would be loaded; undefined where the target holds good loads of all its tables. */
export async function whyLoad(datakit: Datakit, database: TargetDatabase): Promise<string | undefined> {
  const session = await database.connectIfThere({ readOnly: true });
  if (!session) return 'never deployed here';
  try {
    return await whyIngest(datakit, database.engine, session);
  } finally {
    await database.disconnect(session);
  }
}

/** What a plan of a pipeline is about. */
export interface PlanWishes {
  readonly runId: string;
  /** Every source is read again, whether its loads are still good or not. */
  readonly loadsAll: boolean;
  readonly sourceUrl?: string | undefined;
}

/** What a run would do with each datakit, and why. Changes nothing; asks sources only what costs them little. */
export async function planStages(
  stages: readonly PipelineStage[],
  database: TargetDatabase,
  wishes: PlanWishes,
): Promise<string[][]> {
  const loaded = new Set<string>();
  const rows: string[][] = [];
  for (const stage of stages) {
    const datakit = await discoverDatakit(stage.root);
    const reloaded = stages.find(({ root }) => stage.upstream.includes(root) && loaded.has(root));
    const reason =
      (await whyLoad(datakit, database)) ??
      (reloaded && `upstream reloaded: ${reloaded.project} is loaded first`) ??
      (await whyRead(datakit, database, wishes));
    if (reason !== undefined) loaded.add(stage.root);
    rows.push([
      stage.project,
      datakit.layer,
      await whyDeploy(datakit, database, wishes.runId),
      reason ?? 'nothing: its loads are still good',
    ]);
  }
  return rows;
}

/** Why good loads are made again: a pipeline does that with all of them, and says where that brings something. */
async function whyRead(
  datakit: Datakit,
  database: TargetDatabase,
  { loadsAll, sourceUrl }: PlanWishes,
): Promise<string | undefined> {
  if (!loadsAll) return undefined;
  const session = datakit.source && (await database.connectIfThere({ readOnly: true }));
  if (!session) return 'all loads are made again; --upstream=missing leaves good ones';
  try {
    const tables = await newInSource(datakit, database.engine, session, sourceUrl);
    if (tables.length > 0) return `source has new data: ${tables.join(', ')}`;
  } finally {
    await database.disconnect(session);
  }
  return 'all sources are read again; --upstream=missing leaves good loads';
}

/** `3 statements: code changed` */
async function whyDeploy(datakit: Datakit, database: TargetDatabase, runId: string): Promise<string> {
  const { plan } = await deployTo(datakit, database, { runId, plan: true });
  if (plan.statements.length === 0) return 'up to date';
  return `${countOf(plan.statements.length, 'statement')}: ${await whyStatements(datakit, database)}`;
}

async function whyStatements(datakit: Datakit, database: TargetDatabase): Promise<string> {
  const session = await database.connectIfThere({ readOnly: true });
  if (!session) return 'never deployed here';
  try {
    const ledger = new Ledger(database.engine, session);
    const last = (await ledger.exists()) ? await ledger.deployments.last(datakit.name) : undefined;
    if (!last) return 'never deployed here';
    return last.modelFingerprint === modelFingerprint(datakit, database.engine) ? 'drifted' : 'code changed';
  } finally {
    await database.disconnect(session);
  }
}
