import type { CaseResult, FaultCase, Lab } from './fault-case.ts';

/** A result with the case that it belongs to. */
export interface NamedResult extends CaseResult {
  readonly case: string;
  readonly seconds: number;
}

/** Runs cases one after another. A case that cannot be run at all is a violation. */
export async function runCases(cases: readonly FaultCase[], lab: Lab): Promise<NamedResult[]> {
  const results: NamedResult[] = [];
  for (const each of cases) {
    lab.progress(`${each.name}: ${each.promise}`);
    const begun = performance.now();
    let found: CaseResult[];
    try {
      found = await each.run(lab);
    } catch (error) {
      found = [{ target: '', points: 0, violations: [reasonsOf(error).join('; ')] }];
    }
    const seconds = (performance.now() - begun) / 1000;
    results.push(...found.map((result) => ({ case: each.name, seconds, ...result })));
  }
  results.push(
    ...lab.missing.map(({ target, reason }) => ({
      ...{ case: 'all', target, points: 0, violations: [], seconds: 0 },
      note: `skipped: ${reason}`,
    })),
  );
  return results;
}

/** What failed, and what failed while it was cleared away. */
function reasonsOf(error: unknown): string[] {
  return error instanceof SuppressedError
    ? [...reasonsOf(error.suppressed), ...reasonsOf(error.error)]
    : [String(error)];
}

/** One line a case and engine, then what did not hold. */
export function printResults(results: readonly NamedResult[]): void {
  console.log('case | engine | points | violations | notes');
  for (const { case: name, target, points, violations, note = '' } of results) {
    console.log([name, target, points, violations.length, note].join(' | '));
  }
  for (const { case: name, target, violations } of results) {
    for (const violation of violations) console.log(`VIOLATION ${name} on ${target}: ${violation}`);
  }
  const count = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0);
  const seconds = new Map(results.map((result) => [result.case, result.seconds]));
  const total = count(results.map(({ points }) => points));
  const wrong = count(results.map(({ violations }) => violations.length));
  console.log(`${total} points, ${wrong} violations, ${Math.round(count([...seconds.values()]))} s`);
}
