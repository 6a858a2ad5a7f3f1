import { setTimeout as sleep } from 'node:timers/promises';
import { partOf, stateDifferences, type DatabaseState } from '../harness/database-state.ts';
import type { CaseResult, FaultCase, Lab } from '../harness/fault-case.ts';
import { lastReport } from '../harness/last-report.ts';
import type { ServerTarget } from '../harness/server-target.ts';

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** A bound for the end, and one for the server to let go; a busy machine adds some. */
const withinSeconds = 5;

/** How a session of somebody else's takes the table that the deployment wants to change, and keeps it. */
interface Holder {
  readonly target: ServerTarget;
  /** Locks a table for a while; resolves when it lets go. */
  hold(database: string, seconds: number): Promise<unknown>;
  /** Sessions of deployments that wait. */
  waiting(database: string): Promise<number>;
}

/** A signal comes while a deployment waits for a table that somebody else uses. */
export const stopDeploy: FaultCase = {
  name: 'stop-deploy',
  promise:
    'Ctrl-C and SIGTERM end a deployment within 5 s with CANCELLED and exit 130 or 143; no session, no lock stays',
  async run(lab) {
    const results: CaseResult[] = [];
    for (const holder of holders(lab)) results.push(await stopOn(lab, holder));
    return results;
  },
};

async function stopOn(lab: Lab, { target, hold, waiting }: Holder): Promise<CaseResult> {
  const violations: string[] = [];
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const database = `stop_${signal.toLowerCase()}`;
    // Where each statement commits by itself, the books say beforehand what the next one makes.
    const kept = (state: DatabaseState): DatabaseState =>
      partOf(state, (name) => target.hasTransactionalDdl || !name.startsWith('rows _datakit'));
    const small = lab.workspace.addDatakit('wide', 2);
    await target.run(['deploy', small], database);
    const before = await target.state(database);
    const grown = lab.workspace.addDatakit('wide', 2, 'note: p.text().nullable(),');
    const held = hold(database, 20);
    const { child, ended } = target.start(['deploy', grown, '--lockTimeout=30'], database);
    while ((await waiting(database)) === 0) await sleep(50);
    const begun = performance.now();
    child.kill(signal);
    const { exitCode, code, output } = await ended;
    const seconds = (performance.now() - begun) / 1000;
    const wrong: string[] = [];
    if (seconds > withinSeconds) wrong.push(`it took ${seconds.toFixed(1)} s`);
    if (exitCode !== exitCodes[signal]) wrong.push(`it exits ${exitCode}`);
    if (code !== 'CANCELLED') wrong.push(`it says ${output.trim()}`);
    const report = lastReport(target.home(database));
    if (report?.status !== 'cancelled') wrong.push(`its report says "${report?.status}"`);
    if ((await target.settled(database, 3)) > 3) wrong.push('the server still holds its session after 3 s');
    const after = await target.state(database);
    wrong.push(...stateDifferences(kept(before), kept(after)).map((text) => `it left ${text}`));
    await held;
    const again = await target.run(['deploy', grown], database);
    if (again.exitCode !== 0) wrong.push(`the next run failed: ${again.output.trim()}`);
    await target.drop(database);
    violations.push(...wrong.map((text) => `${signal}: ${text}`));
  }
  return { target: target.name, points: 2, violations };
}

function holders({ postgres, mariadb }: Lab): Holder[] {
  const found: Holder[] = [];
  if (postgres) {
    const { server, target } = postgres;
    const waiting = (database: string): string =>
      `select count(*) from pg_stat_activity where datname = '${database}' and wait_event_type = 'Lock'`;
    found.push({
      target,
      // Several statements in one message are one transaction.
      hold: (database, seconds) =>
        server.psql(database, `select count(*) from wide.table_0; select pg_sleep(${seconds})`),
      waiting: async (database) => Number(await server.psql('postgres', waiting(database))),
    });
  }
  if (mariadb) {
    const { server, target } = mariadb;
    const waiting = (database: string): string =>
      `select count(*) from processlist where db = '${database}' and state like 'Waiting for table metadata lock%'`;
    found.push({
      target,
      hold: (database, seconds) =>
        server.mariadb(
          'information_schema',
          `start transaction; select count(*) from ${database}.wide_table_0; select sleep(${seconds})`,
        ),
      waiting: async (database) => Number(await server.mariadb('information_schema', waiting(database))),
    });
  }
  return found;
}
