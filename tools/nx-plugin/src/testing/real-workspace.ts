import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { runProgram } from '@datakit/framework/testing';

const repository = join(import.meta.dirname, '..', '..', '..', '..');

/** How an `nx` command ended; both streams in one text, without colours. */
export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
}

/** A workspace of somebody else in a temporary folder, with the framework and the plugin installed as they are. */
export class RealWorkspace implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'datakit-workspace-'));
  readonly #variables: Readonly<Record<string, string>>;

  constructor(variables: Readonly<Record<string, string>> = {}) {
    this.#variables = variables;
    const installed = join(repository, 'node_modules');
    mkdirSync(join(this.root, 'node_modules', '@datakit'), { recursive: true });
    for (const name of readdirSync(installed)) {
      if (name !== '@datakit') symlinkSync(join(installed, name), join(this.root, 'node_modules', name));
    }
    symlinkSync(join(repository, 'libs', 'framework'), join(this.root, 'node_modules', '@datakit', 'framework'));
    symlinkSync(join(repository, 'tools', 'nx-plugin'), join(this.root, 'node_modules', '@datakit', 'nx'));
    for (const name of ['tsconfig.base.json', '.prettierrc.json'])
      cpSync(join(repository, name), join(this.root, name));
    this.write('package.json', { name: '@acme/source', private: true, type: 'module', workspaces: ['libs/*'] });
    this.write('.gitignore', 'node_modules\n.nx\n.datakit\n.env\n');
    this.write('eslint.config.mjs', eslintConfig);
    this.write('nx.json', {
      analytics: false,
      neverConnectToCloud: true,
      tui: { enabled: false },
      targetDefaults: { lint: { command: 'eslint {projectRoot}' } },
      plugins: [{ plugin: '@datakit/nx/plugin', options: {} }],
    });
  }

  write(path: string, content: object | string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  /** Makes a project known by its name, as the package manager does. */
  link(folder: string): void {
    const { name } = JSON.parse(this.read(`${folder}/package.json`)) as { name: string };
    const place = join(this.root, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(this.root, folder), place);
  }

  /** Paths and texts of all files of a folder. */
  files(folder: string): Record<string, string> {
    const paths = readdirSync(join(this.root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.root.length + 1));
    return Object.fromEntries(paths.sort().map((path) => [path, this.read(path)]));
  }

  /** Runs `nx` as people do. */
  async nx(...args: string[]): Promise<CommandResult> {
    const programs = join(repository, 'node_modules', '.bin');
    const foreign = /^(NX_|DATAKIT_|JEST_|PG|MYSQL_|NODE_OPTIONS|FORCE_COLOR|CI$)/;
    const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
    const env = {
      ...Object.fromEntries(inherited),
      PATH: `${programs}${delimiter}${process.env['PATH']}`,
      ...{ NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false', NX_NO_CLOUD: 'true' },
      ...this.#variables,
    };
    const { exitCode, stdout, stderr } = await runProgram(join(programs, 'nx'), args, { cwd: this.root, env });
    const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
    return { exitCode, output: (stdout + stderr).replaceAll(colour, '') };
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

const eslintConfig = `import eslint from '@eslint/js';
import checkFile from 'eslint-plugin-check-file';
import tseslint from 'typescript-eslint';

export default [
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    plugins: { 'check-file': checkFile },
    rules: { 'check-file/filename-naming-convention': ['error', { '**/*': 'KEBAB_CASE' }, { ignoreMiddleExtensions: true }] },
  },
];
`;
