import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { cases } from '../cases/index.ts';
import type { NamedResult } from '../harness/run-cases.ts';
import { withMatrix } from './reliability-page.ts';

/** What one case found, when it was last recorded. */
export interface RecordedCase {
  readonly date: string;
  /** Every point, or some. */
  readonly sweep: string;
  readonly results: readonly {
    readonly target: string;
    readonly points: number;
    readonly violations: number;
    readonly note: string;
  }[];
}

/** By the names of the cases. */
export type RecordedResults = Readonly<Record<string, RecordedCase>>;

const folder = join(import.meta.dirname, '../../../..');
const file = join(folder, 'tools/faults/results.json');
export const page = join(folder, 'docs/reliability.md');

export function readRecorded(): RecordedResults {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RecordedResults) : {};
}

/** Keeps the results of the cases that ran beside those of the others, and writes the page anew. */
export async function recordResults(results: readonly NamedResult[], sweep: string): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  const found = Map.groupBy(
    results.filter((result) => cases.some(({ name }) => name === result.case)),
    (result) => result.case,
  );
  const recorded: Record<string, RecordedCase> = { ...readRecorded() };
  for (const [name, ofCase] of found) {
    const lines = ofCase.map(({ target, points, violations, note = '' }) => {
      return { target, points, violations: violations.length, note };
    });
    recorded[name] = { date, sweep, results: lines };
  }
  writeFileSync(file, await pretty(JSON.stringify(recorded), file));
  writeFileSync(page, await renderedPage(recorded));
}

/** The page as it is to be. */
export async function renderedPage(recorded: RecordedResults): Promise<string> {
  return pretty(withMatrix(readFileSync(page, 'utf8'), cases, recorded), page);
}

async function pretty(text: string, path: string): Promise<string> {
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}
