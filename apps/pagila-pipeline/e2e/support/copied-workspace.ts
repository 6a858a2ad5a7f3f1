import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { outputOf, runProgram } from '@datakit/framework/testing';

const repository = join(import.meta.dirname, '../../../..');
const programs = join(repository, 'node_modules', '.bin');
const kits = ['bronze-pagila', 'silver-pagila', 'gold-pagila'];

/** How an `nx` command ended; both streams in one text, without colours. */
export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
}

/**
 * A git repository in a temporary folder with the three Pagila kits and their pipeline as they are here, so that tests
 * can change and commit them, and Nx with the framework and the plugin installed.
 */
export class CopiedWorkspace implements Disposable {
  readonly root: string = mkdtempSync(join(tmpdir(), 'datakit-copied-'));
  readonly database: string = join(this.root, '.datakit', 'datakit.sqlite');
  readonly #variables: NodeJS.ProcessEnv;

  constructor(variables: NodeJS.ProcessEnv) {
    this.#variables = variables;
    for (const name of ['nx.json', 'tsconfig.base.json']) cpSync(join(repository, name), join(this.root, name));
    const isSource = (path: string): boolean =>
      !/\.spec\.ts$|[\\/](e2e|node_modules)([\\/]|$)/.test(path.slice(repository.length));
    for (const name of ['apps/pagila-pipeline', ...kits.map((kit) => `libs/${kit}`)]) {
      cpSync(join(repository, name), join(this.root, name), { recursive: true, filter: isSource });
    }
    this.#install();
    writeFileSync(
      join(this.root, 'package.json'),
      JSON.stringify({ name: 'copied', private: true, type: 'module', workspaces: ['apps/*', 'libs/*'] }),
    );
    writeFileSync(join(this.root, '.gitignore'), 'node_modules\n.nx\n.datakit\n');
  }

  /** Everything that is installed here; the datakits are the copies. */
  #install(): void {
    const installed = join(repository, 'node_modules');
    const ours = join(this.root, 'node_modules', '@datakit');
    mkdirSync(ours, { recursive: true });
    for (const name of readdirSync(installed)) {
      if (name !== '@datakit') symlinkSync(join(installed, name), join(this.root, 'node_modules', name));
    }
    for (const name of readdirSync(join(installed, '@datakit'))) {
      const isCopy = kits.includes(name);
      symlinkSync(isCopy ? join(this.root, 'libs', name) : join(installed, '@datakit', name), join(ours, name));
    }
  }

  /** Changes a file; fails where there is nothing to change. */
  edit(path: string, from: string | RegExp, to: string): void {
    const file = join(this.root, path);
    const before = readFileSync(file, 'utf8');
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${path} holds nothing that matches ${String(from)}`);
    writeFileSync(file, after);
  }

  async commit(message: string): Promise<void> {
    const git = (...args: string[]) =>
      outputOf('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: this.root });
    await git('init', '-q', '-b', 'main');
    await git('add', '-A');
    await git('commit', '-qm', message);
  }

  /** Runs `nx` as people do. */
  nx(...args: string[]): Promise<CommandResult> {
    return this.#run(join(programs, 'nx'), args);
  }

  /** Runs a script of this repository in the copy. */
  script(path: string, ...args: string[]): Promise<CommandResult> {
    return this.#run(join(repository, path), args);
  }

  async #run(program: string, args: readonly string[]): Promise<CommandResult> {
    const foreign = /^(NX_|DATAKIT_|JEST_|PG|NODE_OPTIONS|FORCE_COLOR|CI$)/;
    const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
    const env = {
      ...Object.fromEntries(inherited),
      PATH: `${programs}${delimiter}${process.env['PATH']}`,
      ...{ NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false', NX_NO_CLOUD: 'true' },
      ...this.#variables,
    };
    const { exitCode, stdout, stderr } = await runProgram(program, args, { cwd: this.root, env });
    const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
    return { exitCode, output: (stdout + stderr).replaceAll(colour, '') };
  }

  /** Asks the database of the target `sqlite_file`. */
  async ask(query: string): Promise<string[]> {
    const text = await outputOf('sqlite3', [this.database, query]);
    return text.split('\n').filter(Boolean);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
