import { DatakitError } from '../../errors/datakit-error.ts';
import { suggestName } from '../../errors/nearest-name.ts';

/** One datakit of a pipeline. */
export interface PipelineStage {
  readonly project: string;
  /** The datakit's folder, absolute. */
  readonly root: string;
  /** Folders of the datakits that it builds on, each after what it itself builds on. */
  readonly upstream: readonly string[];
}

/** The stages to run. @throws DATAKIT_UNKNOWN for a name that the pipeline does not have */
export function selectStages(stages: readonly PipelineStage[], only: readonly string[] | undefined): PipelineStage[] {
  if (stages.length === 0) {
    throw new DatakitError({
      code: 'DATAKIT_UNKNOWN',
      message: 'The pipeline depends on no datakit.',
      hint: 'Name the last datakits in "dependencies" of its package.json; what they build on comes along.',
    });
  }
  if (only === undefined) return [...stages];
  const names = stages.map(({ project }) => project);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new DatakitError({
      code: 'DATAKIT_UNKNOWN',
      message: `The pipeline has no datakit "${unknown}".`,
      hint: suggestName(unknown, names),
    });
  }
  return stages.filter(({ project }) => only.includes(project));
}
