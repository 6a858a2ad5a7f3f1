import type { ExecutorContext } from '@nx/devkit';
import { runOperation } from '../run-operation.ts';

/** `nx run <datakit>:targets`: the list is the same for every datakit. */
export default (_options: unknown, context: ExecutorContext) => runOperation('targets', context);
