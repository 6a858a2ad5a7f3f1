import { partOf, type DatabaseState } from '../harness/database-state.ts';
import type { FaultCase } from '../harness/fault-case.ts';
import { sweep } from '../harness/sweep.ts';
import { wideTables } from './broken-connection.ts';

const tables = 30;

/** A deployment of 30 tables is killed (`kill -9`) between any two messages to its server, or writes to its file. */
export const killDeploy: FaultCase = {
  name: 'kill-deploy',
  promise:
    'PostgreSQL and SQLite hold 0 or 30 tables; MariaDB goes on where it was; the next run ends with 30 by itself',
  async run(lab) {
    const datakit = lab.workspace.addDatakit('wide', tables);
    const results = [];
    for (const target of lab.targets) {
      const whole = target.hasTransactionalDdl;
      const result = await sweep(lab, {
        name: 'kill-deploy',
        target,
        command: ['deploy', datakit],
        kind: 'kill',
        judge: (found) => [
          ...(whole && ![0, tables].includes(wideTables(found)) ? [`${wideTables(found)} tables`] : []),
          ...((found.get('integrity') ?? 'ok') === 'ok' ? [] : [`${found.get('integrity')}`]),
        ],
        compared: (state) => deployedState(state, whole),
      });
      results.push(result);
    }
    return results;
  },
};

/**
 * What two deployments of the same datakit must have in common. Where a deployment goes on, its last part records only
 * the statements that were left to it.
 */
export function deployedState(state: DatabaseState, whole: boolean): DatabaseState {
  return partOf(state, (name) => whole || !/^rows _datakit_(statements|deployments)$/.test(name));
}
