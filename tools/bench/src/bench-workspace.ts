import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const repository = join(import.meta.dirname, '..', '..', '..');

/** An Nx workspace in a temporary folder with generated datakits, each with an executor `noop` to measure Nx alone. */
export class BenchWorkspace implements Disposable {
  readonly root: string = mkdtempSync(join(tmpdir(), 'datakit-bench-'));
  readonly nx: string = join(repository, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  readonly datakit: string = join(repository, 'libs', 'framework', 'bin', 'datakit.js');
  readonly environment: NodeJS.ProcessEnv = {
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    DATAKIT_HOME: join(this.root, 'home'),
  };

  constructor() {
    const installed = join(repository, 'node_modules');
    for (const name of readdirSync(installed)) {
      if (!name.startsWith('.') && name !== '@datakit') this.#link(join(installed, name), join('node_modules', name));
    }
    cpSync(join(repository, 'tools', 'nx-plugin'), join(this.root, 'tools', 'nx-plugin'), {
      recursive: true,
      filter: (path) => !path.includes('.spec.'),
    });
    this.#link(join(this.root, 'tools', 'nx-plugin'), 'node_modules/@datakit/nx');
    for (const name of ['framework', 'pagila-source']) {
      this.#link(join(repository, 'libs', name), `node_modules/@datakit/${name}`);
    }
    this.#write('package.json', { name: 'bench', private: true, workspaces: ['libs/*', 'tools/*'] });
    this.#write('nx.json', {
      ...{ analytics: false, neverConnectToCloud: true, tui: { enabled: false } },
      plugins: [{ plugin: '@datakit/nx/plugin', options: {} }],
    });
    this.#addNoop();
    const pagila = join(this.root, 'libs', 'bronze-pagila');
    cpSync(join(repository, 'libs', 'bronze-pagila'), pagila, { recursive: true });
    this.#link(pagila, 'node_modules/@datakit/bronze-pagila');
    this.#write('libs/bronze-pagila/project.json', {
      name: 'bronze-pagila',
      targets: { noop: { executor: 'noop:noop' } },
    });
  }

  /** A datakit of tables with a key, an index and `columns` texts. @returns its folder */
  addDatakit(name: string, tables: number, columns = 8): string {
    const folder = join(this.root, 'libs', name);
    this.#write(`libs/${name}/package.json`, { name, version: '0.0.0', type: 'module' });
    this.#write(`libs/${name}/project.json`, { name, targets: { noop: { executor: 'noop:noop' } } });
    this.#write(`libs/${name}/datakit.json`, { kind: 'datakit', layer: 'silver', entry: 'index.ts' });
    this.#write(
      `libs/${name}/index.ts`,
      `import { defineDatakit } from '@datakit/framework';
import { defineEntity, p } from '@mikro-orm/core';
const columns = () => Object.fromEntries(Array.from({ length: ${columns} }, (_, column) =>
  ['c' + column, column === 0 ? p.text().nullable().index() : p.text().nullable()]));
const tables = Array.from({ length: ${tables} }, (_, table) =>
  defineEntity({ name: 'T' + table, tableName: 't' + table, properties: { id: p.integer().primary(), ...columns() } }));
export default defineDatakit({ name: '${name}', layer: 'silver', tables });
`,
    );
    return folder;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** An executor that does nothing, for one task and for a batch. */
  #addNoop(): void {
    this.#write('tools/noop/package.json', { name: 'noop', version: '0.0.0', executors: './executors.json' });
    const paths = { implementation: './noop.cjs', batchImplementation: './batch.cjs', preferBatch: true };
    this.#write('tools/noop/executors.json', { executors: { noop: { ...paths, schema: './schema.json' } } });
    this.#write('tools/noop/schema.json', { type: 'object', properties: {} });
    this.#write('tools/noop/noop.cjs', 'module.exports = async () => ({ success: true });\n');
    this.#write(
      'tools/noop/batch.cjs',
      `module.exports = async function* (graph) {
  for (const task of Object.keys(graph.tasks)) {
    yield { task, result: { success: true, terminalOutput: '', startTime: Date.now(), endTime: Date.now() } };
  }
};\n`,
    );
    this.#link(join(this.root, 'tools', 'noop'), 'node_modules/noop');
  }

  #link(target: string, path: string): void {
    const link = join(this.root, path);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link);
  }

  #write(path: string, content: object | string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
}
