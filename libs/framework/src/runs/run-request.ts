import type { TargetDefinition, TargetRequest } from '../targets/target-definition.ts';
import type { PipelineStage } from './pipeline/pipeline-stage.ts';
import type { Operation, OperationOptions } from './operation-options.ts';

/** What one command asked for, read once and given to every task of the run. Holds no secret. */
export interface RunRequest {
  readonly runId: string;
  readonly workspaceRoot: string;
  readonly target: TargetRequest;
  /** Targets of the workspace beside the predefined ones, by name. */
  readonly targets: Readonly<Record<string, TargetDefinition>>;
  readonly defaultTarget?: string;
  readonly options: OperationOptions;
  /** The one project that the command named; others of the run only are what it builds on. */
  readonly project?: string;
  /** True where the command named no operation on datakits: they run because somebody else's task needs them. */
  readonly isForOthers?: boolean;
  /** Each task may have a process of its own; at the end of all `endRun` has to be called. */
  readonly isShared?: boolean;
}

/** One operation on one datakit. */
export interface Step {
  readonly operation: Operation;
  /** Project name, for reports. */
  readonly project: string;
  /** The datakit's folder, absolute. */
  readonly root: string;
  /** Folders of the datakits that this one builds on, in the order in which they must be deployed. */
  readonly upstream: readonly string[];
  /** Done only because another one builds on it: where its loads are still good, an ingest leaves them. */
  readonly isUpstream?: boolean;
  /** A pipeline's datakits, each after those that it builds on. */
  readonly stages?: readonly PipelineStage[];
  /** What the user types to deploy this datakit to the same target, for hints. */
  readonly command?: string;
}
