import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { IngestStage } from './ingest-stage.ts';
import type { Measured } from './measure.ts';

/** It takes about a minute for a million. */
const pandasRows = 100_000;

/** Next to what teams use for the same work today, where it is installed: `apt install pgloader python3-pandas python3-sqlalchemy python3-psycopg2`. */
export async function otherToolsBench(stage: IngestStage): Promise<Measured[]> {
  const { server } = stage;
  const ours = await stage.ours(stage.urlOf('target'), 'table');
  const measured: Measured[] = [];
  if (works('pgloader', ['--version'])) {
    await server.psql('postgres', 'create database pgloader');
    // It takes the text of a URL as it is, without undoing %2F in a password.
    const command = `PGPASSWORD='${server.password}' pgloader --quiet "${stage.urlOf('source')}" "${stage.urlOf('pgloader')}"`;
    const seconds = await stage.shell(command);
    await requireRows(stage, 'pgloader', stage.rows);
    measured.push(stage.compare('PostgreSQL → PostgreSQL, replace, next to pgloader', undefined, ours, seconds));
  } else console.log('next to pgloader: skipped, it is not installed');
  const python = ['/usr/bin/python3', 'python3'].find((each) =>
    works(each, ['-c', 'import pandas, sqlalchemy, psycopg2']),
  );
  if (python) {
    await server.psql('postgres', 'create database pandas');
    const rows = Math.min(stage.rows, pandasRows);
    const script = join(import.meta.dirname, 'pandas_ingest.py');
    const seconds = await stage.shell(`${python} ${script} "$SOURCE" "${server.url('pandas')}" ${rows}`);
    await requireRows(stage, 'pandas', rows);
    const what = `PostgreSQL → PostgreSQL, replace, next to pandas with SQLAlchemy (${rows.toLocaleString('en')} rows)`;
    measured.push(stage.compare(what, undefined, ours, seconds, rows));
  } else console.log('next to pandas: skipped, python3-pandas and python3-sqlalchemy are not installed');
  return measured;
}

function works(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A tool that fails quickly would look fast. */
async function requireRows({ server }: IngestStage, database: string, rows: number): Promise<void> {
  const found = await server.psql(database, 'select count(*) from measurement');
  if (Number(found) !== rows) throw new Error(`${database} loaded ${found} rows of ${rows}`);
}
