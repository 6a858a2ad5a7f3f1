import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';

const repository = join(import.meta.dirname, '..', '..', '..', '..');
const plugin = join(repository, 'tools', 'nx-plugin');

/** One call of the recording framework: what a task asked for, and in which process. */
export interface RecordedStep {
  readonly process: number;
  readonly operation: string;
  readonly project: string;
  readonly upstream: readonly string[];
  readonly isUpstream: boolean;
  readonly isTerminal: boolean;
  readonly request: {
    readonly runId: string;
    readonly target: object;
    readonly options: object;
    readonly targets: object;
  };
}

/** How an `nx` command ended. */
export interface NxResult {
  readonly status: number | null;
  /** stdout and stderr, without colours. */
  readonly text: string;
  readonly steps: readonly RecordedStep[];
}

/**
 * A real Nx workspace in a temporary folder: bronze ← silver ← gold, an app with executors of somebody else, this
 * plugin, and in place of the framework's runs a recorder, so that tests see which steps Nx started and with what.
 */
export class ScratchWorkspace implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'datakit-nx-'));
  readonly nxScript = join(repository, 'node_modules/nx/dist/bin/nx.js');

  constructor(pluginOptions: object = {}) {
    this.#linkNodeModules();
    cpSync(plugin, join(this.root, 'tools', 'nx-plugin'), {
      recursive: true,
      filter: (path) => !path.includes('.spec.'),
    });
    this.#writeRecorder();
    this.write('package.json', { name: 'scratch', private: true, workspaces: ['apps/*', 'libs/*', 'tools/*'] });
    this.write('.gitignore', 'node_modules\n.nx\n.datakit\n');
    this.write('nx.json', {
      analytics: false,
      neverConnectToCloud: true,
      tui: { enabled: false },
      plugins: [{ plugin: '@datakit/nx/plugin', options: pluginOptions }],
    });
    this.addDatakit('bronze', 'bronze');
    this.addDatakit('silver', 'silver', ['bronze']);
    this.addDatakit('gold', 'gold', ['silver']);
    this.write('apps/shop/package.json', { name: 'shop', version: '0.0.0', dependencies: { gold: '*' } });
    this.write('apps/shop/project.json', {
      name: 'shop',
      targets: {
        deploy: { command: 'echo shop-was-deployed', configurations: { production: {} } },
        e2e: { command: 'echo shop-was-tested', dependsOn: ['^deploy'], configurations: { postgres_local: {} } },
      },
    });
    execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: this.root });
    execFileSync('git', ['add', '-A'], { cwd: this.root });
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'start'], { cwd: this.root });
  }

  addDatakit(name: string, layer: string, dependencies: readonly string[] = []): void {
    const versions = Object.fromEntries(dependencies.map((dependency) => [dependency, '*']));
    this.write(`libs/${name}/package.json`, { name, version: '0.0.0', dependencies: versions });
    this.write(`libs/${name}/datakit.json`, { kind: 'datakit', layer, entry: 'src/index.ts' });
    symlinkSync(join(this.root, 'libs', name), join(this.root, 'node_modules', name));
  }

  write(path: string, content: object | string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }

  /** Runs `nx` as people do, in a process of its own. */
  nx(args: readonly string[], environment: NodeJS.ProcessEnv = {}, node: string = process.execPath): NxResult {
    const calls = join(this.root, '.nx', `calls-${process.hrtime.bigint()}`);
    const { status, stdout, stderr } = spawnSync(node, [this.nxScript, ...args], {
      cwd: this.root,
      encoding: 'utf8',
      env: { ...this.environment(calls), ...environment },
    });
    const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
    return { status, text: (stdout + stderr).replaceAll(colour, ''), steps: readCalls(calls) };
  }

  /** What a test runner or an outer nx put into the environment must not reach the nx under test. */
  environment(calls: string): NodeJS.ProcessEnv {
    const foreign = /^(NX_|DATAKIT_|JEST_|NODE_OPTIONS|FORCE_COLOR|CI$)/;
    const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
    const nx = { NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false', NX_NO_CLOUD: 'true' };
    return { ...Object.fromEntries(kept), ...nx, RECORDED_CALLS: calls };
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Everything that is installed, but our own packages and those of the scratch workspace. */
  #linkNodeModules(): void {
    const installed = join(repository, 'node_modules');
    mkdirSync(join(this.root, 'node_modules', '@datakit'), { recursive: true });
    for (const name of readdirSync(installed)) {
      if (name !== '@datakit') symlinkSync(join(installed, name), join(this.root, 'node_modules', name));
    }
    symlinkSync(join(this.root, 'tools', 'nx-plugin'), join(this.root, 'node_modules', '@datakit', 'nx'));
    symlinkSync(join(this.root, 'libs', 'framework'), join(this.root, 'node_modules', '@datakit', 'framework'));
  }

  #writeRecorder(): void {
    const sources = join(repository, 'libs', 'framework', 'src');
    this.write('libs/framework/package.json', {
      name: '@datakit/framework',
      version: '0.0.0',
      type: 'module',
      exports: { './options': './options.ts', './run-end': './run-end.ts', './runs': './runs.ts' },
    });
    this.write('libs/framework/options.ts', `export * from '${sources}/options.ts';\n`);
    this.write('libs/framework/run-end.ts', `export * from '${sources}/runs/end-run.ts';\n`);
    const recorder = readFileSync(join(import.meta.dirname, 'recording-runs.mjs'), 'utf8');
    this.write('libs/framework/runs.ts', recorder.replaceAll('FRAMEWORK', sources));
  }
}

function readCalls(file: string): RecordedStep[] {
  try {
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as RecordedStep);
  } catch {
    return [];
  }
}
