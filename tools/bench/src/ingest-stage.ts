import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { sourceSql } from './bench-datakit.ts';
import type { Measured } from './measure.ts';

const run = promisify(execFile);

/** What one ingest took, in a process of its own. */
export interface IngestRun {
  readonly seconds: number;
  readonly peakMegabytes: number;
}

/** A source with rows, a folder for files, and ways to time both sides. */
export class IngestStage implements AsyncDisposable {
  readonly rows: number;
  readonly folder: string;
  readonly server: TestPostgres;
  /** The most that any of the runs so far took. */
  peakMegabytes = 0;

  private constructor(rows: number, folder: string, server: TestPostgres) {
    this.rows = rows;
    this.folder = folder;
    this.server = server;
  }

  static async set(rows: number): Promise<IngestStage> {
    const server = await startPostgres();
    const stage = new IngestStage(rows, await mkdtemp(join(tmpdir(), 'datakit-bench-')), server);
    await server.psql('postgres', 'create database source');
    await server.psql('postgres', 'create database target');
    for (const statement of sourceSql(rows)) await server.psql('source', statement);
    return stage;
  }

  /** Deploys and ingests; what is measured is the load of the table alone. */
  async ours(target: string, formats: string, variables: Record<string, string> = {}): Promise<IngestRun> {
    const child = fileURLToPath(new URL('ingest-child.ts', import.meta.url));
    const { stdout } = await run(process.execPath, [child, target, formats, join(this.folder, 'files')], {
      env: {
        ...process.env,
        BENCH_SOURCE_URL: this.server.url('source'),
        PGPASSWORD: this.server.password,
        ...variables,
      },
    });
    const result = JSON.parse(stdout) as IngestRun;
    this.peakMegabytes = Math.max(this.peakMegabytes, result.peakMegabytes);
    return result;
  }

  /** Seconds that a command takes; `$SOURCE` and `$TARGET` are URLs. */
  async shell(command: string): Promise<number> {
    const begun = performance.now();
    await run('bash', ['-c', `set -o pipefail; ${command}`], {
      env: { ...process.env, SOURCE: this.server.url('source'), TARGET: this.server.url('target') },
    });
    return (performance.now() - begun) / 1000;
  }

  /** URL of a database of the server without the password, which goes through the environment. */
  urlOf(database: string): string {
    return this.server.url(database).replace(/:[^:@]*@/, '@');
  }

  /** @param clientRows where the client did fewer rows than we, because it would take too long */
  compare(what: string, budget: number | undefined, ours: IngestRun, client: number, clientRows = this.rows): Measured {
    const [rate, clientRate] = [this.rows / ours.seconds, clientRows / client];
    const ratio = rate / clientRate;
    return {
      what: budget === undefined ? what : `${what} (budget ${budget})`,
      ...(budget === undefined ? {} : { held: ratio >= budget }),
      figures: `ratio ${ratio.toFixed(2)} (ours ${thousands(rate)}, the other ${thousands(clientRate)}), peak memory ${Math.round(ours.peakMegabytes)} MB`,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The better of some runs: what a busy machine adds is not the program's. */
export function best<Result>(runs: readonly Result[], seconds: (run: Result) => number): Result {
  return runs.toSorted((one, other) => seconds(one) - seconds(other))[0] as Result;
}

function thousands(rate: number): string {
  return `${(rate / 1000).toFixed(rate < 100_000 ? 1 : 0)} k rows/s`;
}
