import type { FaultCase } from '../harness/fault-case.ts';
import { sweep } from '../harness/sweep.ts';
import { wideTables, wrongEnding } from './broken-connection.ts';
import { deployedState } from './kill-deploy.ts';

const tables = 10;

/** The connection of a deployment is reset between any two of its messages. */
export const cutDeploy: FaultCase = {
  name: 'cut-deploy',
  promise:
    'it ends at once with TARGET_UNREACHABLE, which can be tried again; nothing half-done stays where the engine can',
  async run(lab) {
    const datakit = lab.workspace.addDatakit('wide', tables);
    const results = [];
    for (const target of lab.targets.filter(({ kinds }) => kinds.includes('cut'))) {
      const whole = target.hasTransactionalDdl;
      const result = await sweep(lab, {
        name: 'cut-deploy',
        target,
        command: ['deploy', datakit],
        kind: 'cut',
        judge: (found, run) => [
          ...wrongEnding(run, 10),
          ...(whole && ![0, tables].includes(wideTables(found)) ? [`${wideTables(found)} tables`] : []),
        ],
        compared: (state) => deployedState(state, whole),
      });
      results.push(result);
    }
    return results;
  },
};
