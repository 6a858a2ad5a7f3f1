import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** One budget of the design, measured. */
export interface Measured {
  readonly what: string;
  /** Absent where there is no budget. */
  readonly held?: boolean;
  /** The two figures that were put next to each other, and what came of it. */
  readonly figures: string;
}

/** Megabytes that the process of an ingest may take, DuckDB included. */
export const memoryBudget = 512;

/** Milliseconds that a program takes, from its start to its end; fails where it fails. */
export async function timeProgram(
  program: string,
  args: readonly string[],
  options: { cwd: string; environment?: NodeJS.ProcessEnv },
): Promise<number> {
  const begun = performance.now();
  await execute(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return performance.now() - begun;
}

/** Takes both sides in turn, so that a machine that is busy for a while is busy for both. @returns their medians */
export async function alternate(
  rounds: number,
  ours: (round: number) => Promise<number>,
  theirs: (round: number) => Promise<number>,
): Promise<readonly [number, number]> {
  const pairs: (readonly [number, number])[] = [];
  for (let round = 0; round < rounds; round++) pairs.push([await ours(round), await theirs(round)]);
  return [median(pairs.map(([one]) => one)), median(pairs.map(([, other]) => other))];
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] as number;
}

export function printMeasured({ what, held, figures }: Measured): void {
  console.log(`${what}: ${figures}${held === undefined ? '' : held ? ', held' : ', NOT HELD'}`);
}
