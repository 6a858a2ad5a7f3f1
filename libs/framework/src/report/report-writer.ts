import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatakitError } from '../errors/datakit-error.ts';
import { currentInstant } from './instant.ts';
import type { RunReport } from './run-report.ts';
import { toolName } from './tool-name.ts';

/** What a report is about. */
export interface ReportSubject {
  readonly runId: string;
  readonly project: string;
  readonly operation: string;
  /** Name of the target. */
  readonly target: string;
}

/**
 * Keeps the report of one operation and its file in step: written as `running` at the start, after every table,
 * and at the end, so that a killed run leaves a file that says `running` and never an old success.
 */
export class ReportWriter {
  #report: RunReport;
  readonly #files: readonly string[];
  readonly #latest: string;
  #lastWrite: Promise<void> = Promise.resolve();

  /**
   * @param home folder of `runs/`
   * @param extraFile `--reportFile`, absolute
   */
  constructor(subject: ReportSubject, home: string, extraFile?: string) {
    const runFile = join(home, 'runs', subject.runId, `${subject.project}.${subject.operation}.json`);
    this.#files = extraFile === undefined ? [runFile] : [runFile, extraFile];
    this.#latest = join(home, 'runs', 'latest.json');
    this.#report = {
      version: 1,
      runId: subject.runId,
      tool: toolName,
      project: subject.project,
      operation: subject.operation,
      target: subject.target,
      startedAt: currentInstant(),
      finishedAt: null,
      status: 'running',
      statements: [],
      findings: [],
      tables: [],
    };
  }

  get report(): RunReport {
    return this.#report;
  }

  /** Writes the report as it is at the start. */
  async start(): Promise<void> {
    await this.update({});
    await writeAtomically(this.#latest, { runId: this.#report.runId, startedAt: this.#report.startedAt });
  }

  /** Changes fields and writes the files. @throws OUTPUT_UNWRITABLE */
  async update(fields: Partial<RunReport>): Promise<void> {
    this.#report = { ...this.#report, ...fields };
    // Tables that end in the same moment write one after the other: each write goes through the same file aside.
    const written = this.#lastWrite.then(async () => {
      for (const file of this.#files) await writeAtomically(file, this.#report);
    });
    this.#lastWrite = written.catch(() => undefined);
    await written;
  }

  /** Writes the end. */
  async finish(status: RunReport['status'], error?: DatakitError): Promise<void> {
    const { code, message, hint, retryable } = error ?? {};
    await this.update({
      status,
      finishedAt: currentInstant(),
      ...(error && code && message
        ? { error: { code, message, ...(hint ? { hint } : {}), retryable: retryable ?? false } }
        : {}),
    });
  }
}

async function writeAtomically(file: string, content: unknown): Promise<void> {
  const aside = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(aside, `${JSON.stringify(content, null, 2)}\n`);
    await rename(aside, file);
  } catch (cause) {
    throw new DatakitError({
      code: 'OUTPUT_UNWRITABLE',
      message: `The report cannot be written to ${file} (${(cause as NodeJS.ErrnoException).code}).`,
      hint: 'Check the folder’s rights, or move all files of ours with DATAKIT_HOME.',
      cause,
    });
  }
}
