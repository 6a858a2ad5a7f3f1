import { discoverDatakit } from '../../discovery/discover-datakit.ts';
import { deployTo } from '../../deploy/deploy.ts';
import { whyIngest } from '../../ingest/why-ingest.ts';
import type { Datakit } from '../../model/datakit.ts';
import { countOf } from '../../report/count-of.ts';
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

/** What a run would do with each datakit, and why. Changes nothing. */
export async function planStages(
  stages: readonly PipelineStage[],
  database: TargetDatabase,
  options: { readonly runId: string; readonly loadsAll: boolean },
): Promise<string[][]> {
  const loaded = new Set<string>();
  const rows: string[][] = [];
  for (const stage of stages) {
    const datakit = await discoverDatakit(stage.root);
    const { plan } = await deployTo(datakit, database, { runId: options.runId, plan: true });
    const reloaded = stages.find(({ root }) => stage.upstream.includes(root) && loaded.has(root));
    const reason =
      (await whyLoad(datakit, database)) ??
      (reloaded && `upstream is loaded again: ${reloaded.project}`) ??
      (options.loadsAll ? 'reads its source again' : undefined);
    if (reason !== undefined) loaded.add(stage.root);
    const statements = plan.statements.length;
    rows.push([
      stage.project,
      datakit.layer,
      statements === 0 ? 'up to date' : countOf(statements, 'statement'),
      reason ?? 'nothing: its loads are still good',
    ]);
  }
  return rows;
}
