import pLimit from 'p-limit';
import type { PipelineStage } from './pipeline-stage.ts';

/** What became of a stage. */
export type StageOutcome =
  { readonly kind: 'done' } | { readonly kind: 'failed' } | { readonly kind: 'skipped'; readonly because: string };

/**
 * Runs stages, each as soon as those that it builds on have succeeded. A failure stops what is downstream of it and
 * nothing else.
 *
 * @param concurrency stages that run at the same time
 * @param work true where the stage succeeded
 */
export async function runStages(
  stages: readonly PipelineStage[],
  concurrency: number,
  work: (stage: PipelineStage) => Promise<boolean>,
  onSkip: (stage: PipelineStage, because: string) => Promise<void>,
): Promise<ReadonlyMap<PipelineStage, StageOutcome>> {
  const limit = pLimit(concurrency);
  const byRoot = new Map(stages.map((stage) => [stage.root, stage]));
  const outcomes = new Map<PipelineStage, Promise<StageOutcome>>();
  const run = (stage: PipelineStage): Promise<StageOutcome> => {
    const known = outcomes.get(stage);
    if (known) return known;
    const started = start(stage);
    outcomes.set(stage, started);
    return started;
  };
  async function start(stage: PipelineStage): Promise<StageOutcome> {
    for (const root of stage.upstream) {
      const before = byRoot.get(root);
      if (!before || (await run(before)).kind === 'done') continue;
      await onSkip(stage, before.project);
      return { kind: 'skipped', because: before.project };
    }
    return (await limit(() => work(stage))) ? { kind: 'done' } : { kind: 'failed' };
  }
  const ended = await Promise.all(stages.map(async (stage) => [stage, await run(stage)] as const));
  return new Map(ended);
}
