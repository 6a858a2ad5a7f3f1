import { appendFileSync, existsSync, readFileSync } from 'node:fs';

interface Line {
  readonly point: string;
  readonly violations: readonly string[];
}

/** What came of each point, kept in a file, so that a sweep of hours that was stopped goes on where it was; for one state of the code. */
export class Journal {
  readonly #file: string | undefined;
  readonly #known = new Map<string, readonly string[]>();

  /** @param file absent: nothing is kept */
  constructor(file?: string) {
    this.#file = file;
    if (file === undefined || !existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const { point, violations } = JSON.parse(line) as Line;
      this.#known.set(point, violations);
    }
  }

  /** The violations that an earlier run found at a point; undefined where none tried it. */
  outcome(point: string): readonly string[] | undefined {
    return this.#known.get(point);
  }

  record(point: string, violations: readonly string[]): void {
    this.#known.set(point, violations);
    if (this.#file !== undefined)
      appendFileSync(this.#file, `${JSON.stringify({ point, violations } satisfies Line)}\n`);
  }
}
