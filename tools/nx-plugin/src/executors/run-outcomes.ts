import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How a task ended, and what it printed. */
export interface Outcome {
  readonly success: boolean;
  readonly text: string;
  readonly isSkipped?: boolean;
}

/**
 * The tasks of this run that have ended, in this batch or an earlier one. A `validate` batch does what it has to
 * come after, where Nx has not got to that yet; the next batch, in a process of its own, finds here what is left.
 * Nx runs one batch after the other, so the file has one writer at a time.
 */
export class RunOutcomes {
  readonly #folder: string;
  readonly #file: string;
  readonly #isShared: boolean;
  readonly #outcomes: Record<string, Outcome>;

  /**
   * @param home the folder `.datakit` of the workspace
   * @param isShared false where no other batch of the run needs to know
   */
  constructor(home: string, runId: string, isShared: boolean) {
    this.#folder = join(home, 'runs', runId);
    this.#file = join(this.#folder, '.batch-outcomes');
    this.#isShared = isShared;
    this.#outcomes = isShared ? readIfThere(this.#file) : {};
  }

  get(taskId: string): Outcome | undefined {
    return Object.hasOwn(this.#outcomes, taskId) ? this.#outcomes[taskId] : undefined;
  }

  set(taskId: string, outcome: Outcome): void {
    this.#outcomes[taskId] = outcome;
    if (!this.#isShared) return;
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(this.#file, JSON.stringify(this.#outcomes));
  }
}

function readIfThere(file: string): Record<string, Outcome> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Outcome>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
