import type { DatakitPluginOptions } from './plugin-options.ts';
import { preTasksExecution } from './command/pre-tasks-execution.ts';
import { postTasksExecution } from './command/post-tasks-execution.ts';
import { createNodes } from './graph/create-nodes.ts';

export type { DatakitPluginOptions };
export { createNodes, postTasksExecution, preTasksExecution };
export const name = '@datakit/nx/plugin';
