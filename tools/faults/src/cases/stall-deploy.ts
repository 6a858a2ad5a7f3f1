import type { FaultCase } from '../harness/fault-case.ts';
import { sweep } from '../harness/sweep.ts';
import { wideTables, wrongEnding } from './broken-connection.ts';
import { deployedState } from './kill-deploy.ts';

const tables = 3;

/** A silent server is noticed within 30 s (docs/reliability.md); a busy machine adds some. */
const withinSeconds = 35;

/** From some message of a deployment on nothing passes between client and server, and no connection ends. */
export const stallDeploy: FaultCase = {
  name: 'stall-deploy',
  promise: 'it ends within 30 s with TARGET_UNREACHABLE, which can be tried again; the next run needs no manual step',
  async run(lab) {
    const datakit = lab.workspace.addDatakit('wide', tables);
    const results = [];
    for (const target of lab.targets.filter(({ kinds }) => kinds.includes('stall'))) {
      const whole = target.hasTransactionalDdl;
      const result = await sweep(lab, {
        name: 'stall-deploy',
        target,
        command: ['deploy', datakit],
        kind: 'stall',
        // They wait more than they work.
        atOnce: 8,
        judge: (found, run) => [
          ...wrongEnding(run, withinSeconds),
          ...(whole && ![0, tables].includes(wideTables(found)) ? [`${wideTables(found)} tables`] : []),
        ],
        compared: (state) => deployedState(state, whole),
      });
      results.push(result);
    }
    return results;
  },
};
