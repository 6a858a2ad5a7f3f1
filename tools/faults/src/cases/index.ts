import type { FaultCase } from '../harness/fault-case.ts';
import { killDeploy } from './kill-deploy.ts';

/** Every case, in the order in which they run. */
export const cases: readonly FaultCase[] = [killDeploy];
