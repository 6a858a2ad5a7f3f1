import { appendFileSync, existsSync, readFileSync } from 'node:fs';

interface Line {
  readonly point: string;
  readonly violations: readonly string[];
  readonly seconds?: number;
}

/** What came of each point, kept in a file, so that a sweep of hours that was stopped goes on where it was; for one state of the code. */
export class Journal {
  readonly #file: string | undefined;
  readonly #known = new Map<string, Line>();

  /** @param file absent: nothing is kept */
  constructor(file?: string) {
    this.#file = file;
    if (file === undefined || !existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const found = JSON.parse(line) as Line;
      this.#known.set(found.point, found);
    }
  }

  /** The violations that an earlier run found at a point; undefined where none tried it. */
  outcome(point: string): readonly string[] | undefined {
    return this.#known.get(point)?.violations;
  }

  /** How long after its fault the command of a known point ended; 0 where nobody knows. */
  seconds(point: string): number {
    return this.#known.get(point)?.seconds ?? 0;
  }

  record(point: string, violations: readonly string[], seconds = 0): void {
    const line: Line = { point, violations, seconds };
    this.#known.set(point, line);
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}
