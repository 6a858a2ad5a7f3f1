import { createHash } from 'node:crypto';

/** All that a database holds: name of an object → its structure or a hash of its rows, as text. */
export type DatabaseState = ReadonlyMap<string, string>;

/**
 * Columns whose values are new in each run: ids, clocks, sizes. They are left out of the hashes, so that two runs that
 * did the same thing have the same state.
 */
export const volatileColumns = [
  'deployment_id',
  'run_id',
  'created_by_run',
  'load_id',
  'recorded_at',
  'started_at',
  'finished_at',
  'created_at',
  'published_at',
  'expires_at',
  'bronze_load_timestamp',
  'bronze_load_id',
];

/** The rows of one table, whatever their order. */
export function rowsHash(rows: readonly string[]): string {
  const hash = createHash('sha256');
  for (const row of [...rows].sort()) hash.update(row).update('\0');
  return `${rows.length} rows, ${hash.digest('hex').slice(0, 16)}`;
}

/** The objects in which two states differ; empty where they are equal. */
export function stateDifferences(expected: DatabaseState, found: DatabaseState): string[] {
  const names = new Set([...expected.keys(), ...found.keys()]);
  return [...names].sort().flatMap((name) => {
    if (expected.get(name) === found.get(name)) return [];
    return [`${name}: ${found.get(name) ?? 'missing'} instead of ${expected.get(name) ?? 'nothing'}`];
  });
}

/** A part of a state, for what a promise says nothing about. */
export function partOf(state: DatabaseState, isPart: (name: string) => boolean): DatabaseState {
  return new Map([...state].filter(([name]) => isPart(name)));
}
