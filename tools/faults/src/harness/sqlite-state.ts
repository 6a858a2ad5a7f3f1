import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputOf } from '@datakit/framework/testing';
import { rowsHash, volatileColumns, type DatabaseState } from './database-state.ts';

/**
 * What a SQLite file holds, asked by the `sqlite3` program; empty where there is no file. It looks at a copy: whoever opens
 * a file after a crash repairs it, and that is to be left to the next run.
 */
export async function sqliteState(file: string): Promise<DatabaseState> {
  if (!existsSync(file)) return new Map();
  const folder = mkdtempSync(join(tmpdir(), 'datakit-faults-'));
  try {
    const copy = join(folder, 'copy.sqlite');
    const there = ['', '-wal', '-journal'].filter((suffix) => existsSync(file + suffix));
    for (const suffix of there) copyFileSync(file + suffix, copy + suffix);
    return new Map([...(await stateOfCopy(copy)), ['files', there.join(' ')]]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function stateOfCopy(file: string): Promise<DatabaseState> {
  const ask = async (sql: string): Promise<string[]> =>
    (await outputOf('sqlite3', ['-batch', '-noheader', '-separator', '\t', file, sql])).split('\n').filter(Boolean);
  const state = new Map<string, string>([['integrity', (await ask('pragma integrity_check')).join(' ')]]);
  const structure = `select type || ' ' || name, replace(coalesce(sql, ''), char(10), ' ') from sqlite_schema`;
  for (const line of await ask(structure)) {
    const [object = '', sql = ''] = line.split('\t', 2);
    state.set(object, sql);
  }
  const tables = [...state.keys()].filter((object) => object.startsWith('table ')).map((object) => object.slice(6));
  for (const table of tables) {
    const named = await ask(`select name from pragma_table_info('${table}')`);
    const columns = named.filter((column) => !volatileColumns.includes(column));
    const row = columns.map((column) => `quote("${column}")`).join(` || ',' || `) || `''`;
    state.set(`rows ${table}`, rowsHash(await ask(`select replace(${row}, char(10), ' ') from "${table}"`)));
  }
  return state;
}
