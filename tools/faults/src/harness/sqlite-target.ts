import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseState } from './database-state.ts';
import type { Fault, FaultTarget, WatchedRun } from './fault-target.ts';
import { lastReport } from './last-report.ts';
import { startCommand, type EndedCommand } from './running-command.ts';
import type { ScratchWorkspace } from './scratch-workspace.ts';
import { sqliteState } from './sqlite-state.ts';

/** What changes a file, or makes a change last. */
const systemCalls = ['pwrite64', 'fdatasync', 'fsync', 'ftruncate', 'unlink'] as const;

/**
 * SQLite files. There is no wire to cut; instead `strace` kills the process as it enters its N-th write.
 * Without its `--seccomp-bpf`, which is faster and in 6.1 silently leaves the signal out.
 * @see https://man7.org/linux/man-pages/man1/strace.1.html (Tampering)
 */
export class SqliteTarget implements FaultTarget {
  readonly name = 'SQLite';
  readonly hasTransactionalDdl = true;
  readonly kinds = ['kill'] as const;
  readonly splitsPoints = false;
  readonly #workspace: ScratchWorkspace;
  readonly #timeoutMs: number;
  #points: readonly string[] = [];

  constructor(workspace: ScratchWorkspace, timeoutMs: number) {
    this.#workspace = workspace;
    this.#timeoutMs = timeoutMs;
  }

  run(args: readonly string[], database: string): Promise<EndedCommand> {
    return this.#start([], args, database);
  }

  async watch(args: readonly string[], database: string, fault?: Fault): Promise<WatchedRun> {
    return fault ? this.#kill(args, database, fault) : this.#count(args, database);
  }

  async #count(args: readonly string[], database: string): Promise<WatchedRun> {
    const log = join(this.#workspace.root, `${database}.strace`);
    const ended = await this.#start([`--trace=${systemCalls.join()}`, `--output=${log}`], args, database);
    this.#points = pointsOf(readFileSync(log, 'utf8'));
    rmSync(log);
    return { ended, report: lastReport(this.#home(database)), secondsAfterFault: 0, hit: false, points: this.#points };
  }

  async #kill(args: readonly string[], database: string, fault: Fault): Promise<WatchedRun> {
    // Points are those of the last counted run: strace counts each system call by itself.
    const [call, number] = (this.#points[fault.at - 1] ?? '').split(' ');
    const inject = `--inject=${call}:signal=KILL:when=${number}`;
    const ended = await this.#start([`--trace=${call}`, inject, '--output=/dev/null'], args, database);
    const hit = ended.signal === 'SIGKILL' || ended.exitCode === 137;
    return { ended, report: lastReport(this.#home(database)), secondsAfterFault: 0, hit, points: this.#points };
  }

  state(database: string): Promise<DatabaseState> {
    return sqliteState(this.#file(database));
  }

  settled(): Promise<number> {
    return Promise.resolve(0);
  }

  async drop(database: string): Promise<void> {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(this.#file(database) + suffix, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #start(strace: readonly string[], args: readonly string[], database: string): Promise<EndedCommand> {
    const file = this.#file(database);
    const command = [process.execPath, this.#workspace.command, ...args, `--url=sqlite:${file}`];
    const watched = strace.length > 0;
    const watcher = watched ? ['strace', '-f', '-qqq', '--signal=none', ...strace] : [];
    const [program = '', ...rest] = [...watcher, ...command];
    return startCommand(program, rest, {
      cwd: this.#workspace.root,
      environment: { DATAKIT_HOME: this.#home(database) },
      timeoutMs: this.#timeoutMs,
    }).ended;
  }

  #home(database: string): string {
    return join(this.#workspace.root, 'homes', this.name, database);
  }

  #file(database: string): string {
    return join(this.#workspace.root, 'files', `${database}.sqlite`);
  }
}

/** The thread that writes to the database is the one that writes most; strace counts in each thread by itself. */
function pointsOf(log: string): string[] {
  const calls = [...log.matchAll(/^(\d+) +(\w+)\(/gm)].map(([, thread = '', call = '']) => ({ thread, call }));
  const byThread = [...Map.groupBy(calls, ({ thread }) => thread).values()];
  const [most = []] = byThread.sort((one, other) => other.length - one.length);
  const counted = new Map<string, number>();
  return most.map(({ call }) => {
    const number = (counted.get(call) ?? 0) + 1;
    counted.set(call, number);
    return `${call} ${number}`;
  });
}
