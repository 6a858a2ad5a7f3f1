import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunReport } from '../../../report/run-report.ts';
import { outputOf, runProgram, type ProgramResult } from '../../../testing/index.ts';

const framework = join(import.meta.dirname, '../../../..');

/** One table of a generated datakit: a bronze one is read from the source, another is built from the table below. */
interface GeneratedTable {
  readonly name: string;
  readonly from?: { readonly kit: string; readonly table: string };
  /** Text of its `expect`, which may ask `process.env`. */
  readonly expect?: string;
  /** Text of its `load`. */
  readonly load?: string;
}

/**
 * A workspace in a temporary folder whose source is a SQLite file, for the command `datakit`. Two branches that meet:
 * `bronze-a` → `silver-a` ↘ `gold` and `bronze-b` (tables b1, b2) → `silver-b` ↗, all of it in the pipeline `app`.
 */
export class PipelineWorkspace implements Disposable {
  readonly root: string = mkdtempSync(join(tmpdir(), 'datakit-pipeline-'));
  readonly source: string = join(this.root, 'source.sqlite');
  readonly database: string = join(this.root, 'home', 'datakit.sqlite');

  constructor() {
    const installed = join(framework, '../../node_modules');
    mkdirSync(join(this.root, 'node_modules/@datakit'), { recursive: true });
    symlinkSync(join(installed, '@mikro-orm'), join(this.root, 'node_modules/@mikro-orm'));
    symlinkSync(framework, join(this.root, 'node_modules/@datakit/framework'));
    this.write('nx.json', {});
    const least = (variable: string): string => `[range('amount', { min: Number(process.env.${variable} ?? 0) })]`;
    this.addDatakit('bronze-a', 'bronze', [{ name: 'a', load: `{ disposition: 'merge', cursor: { column: 'id' } }` }]);
    this.addDatakit('bronze-b', 'bronze', [{ name: 'b1' }, { name: 'b2', expect: least('LEAST_B2') }]);
    this.addDatakit('silver-a', 'silver', [
      { name: 'clean_a', from: { kit: 'bronze-a', table: 'a' }, expect: least('LEAST_A') },
    ]);
    this.addDatakit('silver-b', 'silver', [{ name: 'clean_b', from: { kit: 'bronze-b', table: 'b1' } }]);
    this.addDatakit('gold', 'gold', [
      { name: 'all_a', from: { kit: 'silver-a', table: 'clean_a' } },
      { name: 'all_b', from: { kit: 'silver-b', table: 'clean_b' } },
    ]);
    this.write('apps/app/datakit.json', { kind: 'pipeline' });
    this.write('apps/app/package.json', { name: 'app', dependencies: { gold: '*' } });
  }

  /** Makes the source anew: tables a, b1 and b2 of three rows. */
  async createSource(): Promise<void> {
    rmSync(this.source, { force: true });
    const tables = ['a', 'b1', 'b2'].map(
      (name) =>
        `create table ${name} (id integer primary key, amount integer not null); insert into ${name} values (1, 10), (2, 20), (3, 30);`,
    );
    await outputOf('sqlite3', [this.source, tables.join('\n')]);
  }

  addDatakit(name: string, layer: string, tables: readonly GeneratedTable[]): void {
    const inputs = [...new Set(tables.flatMap(({ from }) => (from ? [from.kit] : [])))];
    this.write(`libs/${name}/datakit.json`, { kind: 'datakit', layer, entry: 'index.ts' });
    this.write(`libs/${name}/package.json`, {
      name,
      type: 'module',
      exports: './index.ts',
      dependencies: { '@datakit/framework': '*', ...Object.fromEntries(inputs.map((input) => [input, '*'])) },
    });
    symlinkSync(join(this.root, 'libs', name), join(this.root, 'node_modules', name));
    const entities = tables.map(
      (table) => `export const ${table.name} = defineEntity({ name: '${table.name}', tableName: '${table.name}',
  properties: { id: p.integer().primary(), amount: p.integer()${table.from ? '' : ', ...bronzeMetadata'} } });`,
    );
    this.write(
      `libs/${name}/index.ts`,
      `import { bronzeMetadata, defineDatakit, range, rebuild, sqliteSource, table } from '@datakit/framework';
import { defineEntity, p } from '@mikro-orm/core';
${inputs.map((input, index) => `import * as input${index} from '${input}';`).join('\n')}
${entities.join('\n')}
export default defineDatakit({ name: '${name}', layer: '${layer}', ${layer === 'bronze' ? `source: sqliteSource({ system: 'shop', url: '\${SHOP_URL}' }),` : ''}
  tables: [${tables.map((each) => tableText(each, inputs)).join(', ')}] });
`,
    );
  }

  write(path: string, content: object | string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }

  edit(path: string, from: string, to: string): void {
    const before = readFileSync(join(this.root, path), 'utf8');
    if (!before.includes(from)) throw new Error(`${path} does not hold ${from}`);
    this.write(path, before.replace(from, to));
  }

  /** `datakit pipeline apps/app …` in a process of its own, with variables such as LEAST_A. */
  pipeline(options: readonly string[] = [], variables: NodeJS.ProcessEnv = {}): Promise<ProgramResult> {
    return this.datakit(['pipeline', 'apps/app', ...options], variables);
  }

  datakit(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<ProgramResult> {
    return runProgram(process.execPath, [join(framework, 'bin/datakit.js'), ...args], {
      cwd: this.root,
      env: {
        ...{ PATH: process.env['PATH'], FORCE_COLOR: '0' },
        DATAKIT_HOME: dirname(this.database),
        SHOP_URL: `sqlite:${this.source}`,
        ...variables,
      },
    });
  }

  /** Asks the target. */
  async ask(query: string): Promise<string[]> {
    return (await outputOf('sqlite3', [this.database, query])).split('\n').filter(Boolean);
  }

  /** How often each table was loaded: `bronze-a.a 1`. */
  loads(): Promise<string[]> {
    return this.ask(
      `select datakit || '.' || table_name || ' ' || count(*) from _datakit_loads group by datakit, table_name order by 1`,
    );
  }

  /** The last report of the pipeline. */
  lastReport(): RunReport {
    const runs = join(dirname(this.database), 'runs');
    const reports = readdirSync(runs, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('app.pipeline.json'))
      .map((path) => JSON.parse(readFileSync(join(runs, path), 'utf8')) as RunReport);
    // Run ids are UUIDs of version 7.
    return reports.toSorted((one, other) => (one.runId < other.runId ? -1 : 1)).at(-1) as RunReport;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function tableText({ name, from, expect, load }: GeneratedTable, inputs: readonly string[]): string {
  const build = from
    ? `build: rebuild({ t: input${inputs.indexOf(from.kit)}.${from.table} }, (from) => from.selectFrom('t').select(['t.id', 't.amount'])),`
    : '';
  return `table(${name}, { ${build} ${expect ? `expect: ${expect},` : ''} ${load ? `load: ${load},` : ''} })`;
}
