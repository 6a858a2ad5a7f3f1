import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const repository = join(import.meta.dirname, '..', '..', '..', '..');

/** A workspace in a temporary folder, with generated datakits in it, to which the real commands are applied. */
export class ScratchWorkspace implements Disposable {
  readonly root: string = mkdtempSync(join(tmpdir(), 'datakit-faults-'));
  readonly command: string = join(repository, 'libs', 'framework', 'bin', 'datakit.js');

  constructor() {
    const installed = join(repository, 'node_modules');
    mkdirSync(join(this.root, 'node_modules', '@datakit'), { recursive: true });
    for (const name of readdirSync(installed)) {
      if (!name.startsWith('.') && name !== '@datakit') {
        symlinkSync(join(installed, name), join(this.root, 'node_modules', name));
      }
    }
    symlinkSync(join(repository, 'libs', 'framework'), join(this.root, 'node_modules', '@datakit', 'framework'));
    this.write('package.json', JSON.stringify({ name: 'scratch', private: true }));
    this.write('nx.json', '{}');
  }

  write(path: string, content: string): string {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  /**
   * Adds a datakit of numbered tables, each with a key, an index and a check, and from the second on a reference to the
   * table before it.
   * @param properties of every table beyond that, as source text
   * @returns its folder
   */
  addDatakit(name: string, tables: number, properties = ''): string {
    const folder = join(this.root, 'libs', name);
    if (existsSync(folder)) rmSync(folder, { recursive: true });
    this.write(`libs/${name}/package.json`, JSON.stringify({ name, type: 'module', version: '0.0.0' }));
    this.write(`libs/${name}/datakit.json`, JSON.stringify({ kind: 'datakit', layer: 'silver', entry: 'index.ts' }));
    const entities = Array.from({ length: tables }, (_, index) => {
      const parent =
        index === 0 ? '' : `parent: () => p.manyToOne(Table${index - 1}).nullable().fieldName('parent_id'),`;
      return `export const Table${index} = defineEntity({ name: 'Table${index}', tableName: 'table_${index}', properties: {
        id: p.integer().primary(), label: p.string().length(80).index(), state: p.enum(['open', 'closed']),
        amount: p.decimal().precision(12).scale(2).nullable(), ${properties} ${parent} } });`;
    });
    const list = entities.map((_, index) => `Table${index}`).join(', ');
    this.write(
      `libs/${name}/index.ts`,
      `import { defineDatakit } from '@datakit/framework';
import { defineEntity, p } from '@mikro-orm/core';
${entities.join('\n')}
export default defineDatakit({ name: '${name}', layer: 'silver', tables: [${list}] });
`,
    );
    return folder;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
