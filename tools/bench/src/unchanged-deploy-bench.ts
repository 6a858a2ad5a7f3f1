import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startMariaDB, type TestPostgres } from '@datakit/framework/testing';
import type { BenchWorkspace } from './bench-workspace.ts';
import { median, type Measured } from './measure.ts';

const execute = promisify(execFile);
const rounds = 7;
const tables = 20;
const budgetMs = 50;

/** Deploys a datakit that did not change to a database that did not change either, drift check included. */
export async function unchangedDeployBench(workspace: BenchWorkspace, server: TestPostgres): Promise<Measured[]> {
  const folder = workspace.addDatakit('unchanged', tables);
  const other = workspace.addDatakit('other', 1);
  await using mariadb = await startMariaDB();
  const environment = {
    ...process.env,
    ...workspace.environment,
    PGPASSWORD: server.password,
    MYSQL_PWD: mariadb.password,
  };
  const places = {
    SQLite: `sqlite:${join(workspace.root, 'unchanged.sqlite')}`,
    PostgreSQL: `postgresql://${server.user}@${server.host}:${server.port}/unchanged`,
    MariaDB: `mariadb://${mariadb.user}@${mariadb.host}:${mariadb.port}/unchanged`,
  };
  const measured: Measured[] = [];
  for (const [engine, url] of Object.entries(places)) {
    const milliseconds: number[] = [];
    const cpuMilliseconds: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const child = join(import.meta.dirname, 'unchanged-child.ts');
      const { stdout } = await execute(process.execPath, [child, folder, other, url], {
        cwd: workspace.root,
        env: environment,
      });
      const result = JSON.parse(stdout) as { applied: boolean; milliseconds: number; cpuMilliseconds: number };
      if (result.applied !== (round === 0)) throw new Error(`On ${engine}, deployment ${round} did not do its part`);
      if (result.applied) continue;
      milliseconds.push(result.milliseconds);
      cpuMilliseconds.push(result.cpuMilliseconds);
    }
    const found = median(milliseconds);
    measured.push({
      what: `deploy of ${tables} unchanged tables to ${engine} (budget ${budgetMs} ms after start-up)`,
      held: found <= budgetMs,
      figures: `ratio ${(found / budgetMs).toFixed(2)} (${found.toFixed(0)} ms, of them ${median(cpuMilliseconds).toFixed(0)} ms of our own processor time)`,
    });
  }
  return measured;
}
