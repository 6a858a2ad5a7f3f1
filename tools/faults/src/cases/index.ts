import type { FaultCase } from '../harness/fault-case.ts';
import { breakIngest } from './break-ingest.ts';
import { cutDeploy } from './cut-deploy.ts';
import { fillDisk } from './fill-disk.ts';
import { killBatches } from './kill-batches.ts';
import { killDeploy } from './kill-deploy.ts';
import { killIngest } from './kill-ingest.ts';
import { stallDeploy } from './stall-deploy.ts';
import { stopDeploy } from './stop-deploy.ts';

/** Every case, in the order in which they run. */
export const cases: readonly FaultCase[] = [
  killDeploy,
  cutDeploy,
  stallDeploy,
  stopDeploy,
  killIngest,
  killBatches,
  breakIngest,
  fillDisk,
];
