import { partOf } from '../harness/database-state.ts';
import type { FaultCase } from '../harness/fault-case.ts';
import { sweep } from '../harness/sweep.ts';

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
        target,
        command: ['deploy', datakit],
        kind: 'kill',
        judge(found) {
          const there = [...found.keys()].filter((name) => /^rows wide[._]table_/.test(name)).length;
          const integrity = found.get('integrity') ?? 'ok';
          return [
            ...(whole && there !== 0 && there !== tables ? [`${there} tables`] : []),
            ...(integrity === 'ok' ? [] : [integrity]),
          ];
        },
        compared: (state) => partOf(state, (name) => !isLeftOut(name, whole)),
      });
      results.push(result);
    }
    return results;
  },
};

/**
 * What the database is to us is a promise of its own. Where a deployment goes on, its last part records only the statements
 * that were left to it.
 */
function isLeftOut(name: string, whole: boolean): boolean {
  return /^rows _datakit[._]database$/.test(name) || (!whole && /^rows _datakit_(statements|deployments)$/.test(name));
}
