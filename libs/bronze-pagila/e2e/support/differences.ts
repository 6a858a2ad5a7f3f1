import type { Contents } from './table-contents.ts';

/** What two tables do not share: the first few rows on each side; empty when they are equal, doubles counted. */
export function differences(expected: Contents, found: Contents): string[] {
  const counts = new Map<string, number>();
  for (const row of expected) counts.set(row, (counts.get(row) ?? 0) + 1);
  for (const row of found) counts.set(row, (counts.get(row) ?? 0) - 1);
  const different = [...counts].filter(([, count]) => count !== 0);
  const shown = different.slice(0, 6).map(([row, count]) => `${count > 0 ? 'missing' : 'not in the source'}: ${row}`);
  return different.length > 6 ? [...shown, `… ${different.length} different rows`] : shown;
}
