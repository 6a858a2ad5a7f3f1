import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { runProgram, type ProgramResult } from '@datakit/framework/testing';

export const workspaceRoot = join(import.meta.dirname, '../../../..');
const programs = join(workspaceRoot, 'node_modules/.bin');

/** How a command ended, with what it printed on both streams in one text. */
export interface CommandResult extends ProgramResult {
  readonly output: string;
}

/** What these tests read in a run report. */
export interface Report {
  readonly project: string;
  readonly target: string;
  readonly startedAt: string;
  readonly status: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly statements: readonly { object: string; class: string; sql: string }[];
  readonly findings: readonly { object: string; kind: string; severity: string; found: string | null }[];
  readonly tables: readonly { table: string; loadId: string; status: string; read: number; loaded: number }[];
}

/** One user's environment: the workspace as it is, with a home of its own that goes away at the end. */
export class Scratch implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'datakit-e2e-'));
  readonly home = join(this.folder, 'home');
  readonly #variables: Readonly<Record<string, string>>;

  constructor(variables: Readonly<Record<string, string>> = {}) {
    this.#variables = variables;
    // The embedded server of root runs as another user; below a closed folder it would live elsewhere.
    chmodSync(this.folder, 0o755);
  }

  /** Runs `nx` as a user types it, from the root of the workspace. */
  nx(...args: string[]): Promise<CommandResult> {
    return this.#run(join(programs, 'nx'), args);
  }

  /** Runs the `datakit` binary, which needs no Nx. */
  datakit(...args: string[]): Promise<CommandResult> {
    return this.#run(join(programs, 'node'), [join(workspaceRoot, 'libs/framework/bin/datakit.js'), ...args]);
  }

  /** Runs a line as a user types it into a shell, from the root of the workspace. */
  shell(line: string): Promise<CommandResult> {
    return this.#run('bash', ['-euo', 'pipefail', '-c', line]);
  }

  /** Runs the `datakit` binary and stops it with a signal after some time. */
  async datakitStopped(signal: NodeJS.Signals, afterMs: number, ...args: string[]): Promise<CommandResult> {
    const program = join(workspaceRoot, 'libs/framework/bin/datakit.js');
    const child = spawn(join(programs, 'node'), [program, ...args], {
      cwd: workspaceRoot,
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => child.kill(signal), afterMs);
    const ended = once(child, 'close') as Promise<[number | null]>;
    const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    clearTimeout(timer);
    return { exitCode: exitCode ?? 128, stdout, stderr, output: stdout + stderr };
  }

  /** Deploys and ingests by the `datakit` binary, which does one thing at a time. */
  async datakitIngest(...options: string[]): Promise<CommandResult> {
    const places = options.filter((option) => /^--(target|targetType|url|host|port|database|user)=/.test(option));
    const deployed = await this.datakit('deploy', 'libs/bronze-pagila', ...places);
    return deployed.exitCode === 0 ? this.datakit('ingest', 'libs/bronze-pagila', ...options) : deployed;
  }

  get sqliteFile(): string {
    return join(this.home, 'datakit.sqlite');
  }

  /** Paths of all files in the home, without the reports of runs. */
  files(): string[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1))
      .filter((path) => !path.startsWith('home/runs/'))
      .sort();
  }

  /** The newest report of an operation on a target, as a script would read it. */
  report(operation: string, target: string): Report {
    const folder = join(this.home, 'runs');
    const reports = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith(`bronze-pagila.${operation}.json`))
      .map((path) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as Report)
      .filter((report) => report.target === target)
      .sort((a, b) => a.startedAt.localeCompare(b.startedAt));
    const newest = reports.at(-1);
    if (!newest) throw new Error(`No run wrote a report about ${operation} on ${target}`);
    return newest;
  }

  /** Processes that work in this home or name it. */
  processes(): string[] {
    return readdirSync('/proc')
      .filter((pid) => /^[0-9]+$/.test(pid))
      .map((pid) => `${processText(`/proc/${pid}/cmdline`)} in ${processFolder(`/proc/${pid}/cwd`)}`)
      .filter((text) => text.includes(this.folder));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #run(program: string, args: string[]): Promise<CommandResult> {
    const result = await runProgram(program, args, { cwd: workspaceRoot, env: this.#environment() });
    return { ...result, output: result.stdout + result.stderr };
  }

  #environment(): NodeJS.ProcessEnv {
    // What the machine or Jest has set must not decide what a test sees.
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(PG|MYSQL_|PAGILA|NX_|JEST_|DATAKIT_(?!CI_))/.test(name),
    );
    return {
      ...Object.fromEntries(inherited),
      PATH: `${programs}${delimiter}${process.env['PATH']}`,
      NODE_OPTIONS: '',
      NX_DAEMON: 'false',
      NX_NO_CLOUD: 'true',
      DATAKIT_HOME: this.home,
      ...this.#variables,
    };
  }
}

// Processes come and go, and some belong to others.
function processText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function processFolder(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
