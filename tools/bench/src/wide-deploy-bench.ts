import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { TestPostgres } from '@datakit/framework/testing';
import type { BenchWorkspace } from './bench-workspace.ts';
import { alternate, timeProgram, type Measured } from './measure.ts';

const rounds = 3;
const tables = 500;
const columns = 8;

/** Deploys and validates many tables, next to SQLAlchemy that defines, creates and looks for the same ones. */
export async function wideDeployBench(workspace: BenchWorkspace, server: TestPostgres): Promise<Measured | undefined> {
  const python = findPython();
  if (python === undefined) {
    console.log(`${tables} tables on PostgreSQL next to SQLAlchemy: skipped, python3-sqlalchemy is not installed`);
    return undefined;
  }
  const folder = workspace.addDatakit('wide', tables, columns);
  const environment = { ...workspace.environment, PGPASSWORD: server.password };
  // Neither side makes its database: that is the server's work, and no part of what SQLAlchemy does.
  const deploy = async (round: number): Promise<number> => {
    await server.psql('postgres', `create database ours_${round}`);
    const url = `--url=postgresql://${server.user}@${server.host}:${server.port}/ours_${round}`;
    return timeProgram(process.execPath, [workspace.datakit, 'deploy', folder, '--validate', url], {
      cwd: workspace.root,
      environment,
    });
  };
  const create = async (round: number): Promise<number> => {
    await server.psql('postgres', `create database theirs_${round}`);
    const script = join(import.meta.dirname, 'sqlalchemy_tables.py');
    const args = [script, server.url(`theirs_${round}`), `${tables}`, `${columns}`];
    return timeProgram(python, args, { cwd: workspace.root });
  };
  const [ours, theirs] = await alternate(rounds, deploy, create);
  return {
    what: `deploy and validate ${tables} tables on PostgreSQL next to SQLAlchemy (budget 0.5 of its time)`,
    held: ours <= theirs / 2,
    figures: `ratio ${(ours / theirs).toFixed(2)} (${(ours / 1000).toFixed(2)} s, SQLAlchemy ${(theirs / 1000).toFixed(2)} s)`,
  };
}

/** Debian's Python, or another one that has the library. */
function findPython(): string | undefined {
  return ['/usr/bin/python3', 'python3'].find((program) => {
    try {
      execFileSync(program, ['-c', 'import sqlalchemy, psycopg2'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}
