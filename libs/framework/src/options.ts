/**
 * What is needed to check what a user typed, and nothing heavier: this entry loads no driver, no ORM and no datakit,
 * because the Nx graph plugin imports it on every `nx` command.
 */
export { DatakitError, formatError, toDatakitError } from './errors/datakit-error.ts';
export { errorCodes, type ErrorCode } from './errors/error-codes.ts';
export { nearestName, suggestName } from './errors/nearest-name.ts';
export { checkOptions } from './runs/check-options.ts';
export {
  operationOptions,
  operations,
  optionsOf,
  type Operation,
  type OperationOptions,
  type OptionDefinition,
  type OptionName,
} from './runs/operation-options.ts';
export { placeArguments } from './runs/deploy-command.ts';
export type { PipelineStage } from './runs/pipeline/pipeline-stage.ts';
export type { RunRequest, Step } from './runs/run-request.ts';
export { checkContainer } from './targets/check-container.ts';
export { checkTargetRequest, targetNames } from './targets/check-target-request.ts';
export { defaultTargetName, predefinedTargets, urlVariable } from './targets/predefined-targets.ts';
export type { ContainerDefinition, EngineName, TargetDefinition, TargetRequest } from './targets/target-definition.ts';
