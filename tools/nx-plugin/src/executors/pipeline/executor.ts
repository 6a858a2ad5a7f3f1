import type { ExecutorContext } from '@nx/devkit';
import { runOperation } from '../run-operation.ts';

/** `nx run <pipeline>:run`: one process over everything that the project depends on. */
export default (_options: unknown, context: ExecutorContext) => runOperation('pipeline', context);
