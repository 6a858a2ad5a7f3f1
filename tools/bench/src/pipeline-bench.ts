import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BenchWorkspace } from './bench-workspace.ts';
import { median, printMeasured, timeProgram, type Measured } from './measure.ts';

const columns = 20;
const layers = ['bronze', 'silver', 'gold'] as const;
const budgetMs = 50;
const rounds = 5;

/**
 * What a datakit costs a pipeline beside its rows: 60 of one table with three rows, in three layers, on SQLite in one
 * process, less a pipeline of three of them, which pays for the start and for loading the code once.
 */
export async function pipelineBench(): Promise<Measured[]> {
  using workspace = new BenchWorkspace();
  addDatakits(workspace);
  const pipeline = (name: string): Promise<number> =>
    timeProgram(process.execPath, [workspace.datakit, 'pipeline', `apps/${name}`], {
      cwd: workspace.root,
      environment: { ...workspace.environment, BENCH_URL: `sqlite:${join(workspace.root, 'source.sqlite')}` },
    });
  const anew = (): void => rmSync(join(workspace.root, 'home'), { recursive: true, force: true });
  const figures = { first: [] as number[], again: [] as number[] };
  // The first run of a workspace makes Node's cache of compiled sources.
  await pipeline('sixty');
  for (let round = 0; round < rounds; round++) {
    anew();
    const few = [await pipeline('three'), await pipeline('three')] as const;
    anew();
    const many = [await pipeline('sixty'), await pipeline('sixty')] as const;
    const others = layers.length * (columns - 1);
    figures.first.push((many[0] - few[0]) / others);
    figures.again.push((many[1] - few[1]) / others);
  }
  const measured = [
    measure('deployed, loaded and validated for the first time', figures.first),
    measure('loaded and validated again', figures.again),
  ];
  for (const each of measured) printMeasured(each);
  return measured;
}

function measure(what: string, milliseconds: readonly number[]): Measured {
  const middle = median(milliseconds);
  const [least, most] = [Math.min(...milliseconds), Math.max(...milliseconds)].map((each) => each.toFixed(1));
  return {
    what: `${layers.length * columns} datakits of a pipeline on SQLite, each ${what} (budget ${budgetMs} ms)`,
    held: middle <= budgetMs,
    figures: `${middle.toFixed(1)} ms (from ${least} to ${most})`,
  };
}

/** Columns of three datakits that build on each other, and the pipelines `three` and `sixty` over them. */
function addDatakits(workspace: BenchWorkspace): void {
  const source = new DatabaseSync(join(workspace.root, 'source.sqlite'));
  for (let column = 0; column < columns; column++) {
    source.exec(`create table t${column} (id integer primary key, name text not null);
      insert into t${column} values (1, 'one'), (2, 'two'), (3, 'three')`);
    for (const [level, layer] of layers.entries()) {
      const below = level === 0 ? undefined : `${layers[level - 1]}-${column}`;
      addDatakit(workspace, { name: `${layer}-${column}`, layer, below, table: `t${column}` });
    }
  }
  source.close();
  for (const [name, last] of [
    ['three', 1],
    ['sixty', columns],
  ] as const) {
    const golds = Array.from({ length: last }, (_, column) => [`gold-${column}`, '*']);
    write(workspace, `apps/${name}`, 'datakit.json', JSON.stringify({ kind: 'pipeline' }));
    const dependencies = Object.fromEntries(golds) as Record<string, string>;
    write(workspace, `apps/${name}`, 'package.json', JSON.stringify({ name, dependencies }));
  }
}

interface Generated {
  readonly name: string;
  readonly layer: string;
  readonly below: string | undefined;
  readonly table: string;
}

function addDatakit(workspace: BenchWorkspace, { name, layer, below, table }: Generated): void {
  const folder = `libs/${name}`;
  write(workspace, folder, 'datakit.json', JSON.stringify({ kind: 'datakit', layer, entry: 'index.ts' }));
  const dependencies = below === undefined ? {} : { [below]: '*' };
  write(
    workspace,
    folder,
    'package.json',
    JSON.stringify({ name, version: '0.0.0', type: 'module', exports: './index.ts', dependencies }),
  );
  const options =
    below === undefined
      ? `{ expect: [unique('name')] }`
      : `{ expect: [unique('name')], build: rebuild({ t: Below }, (from) => from.selectFrom('t').select(['t.id', 't.name'])) }`;
  write(
    workspace,
    folder,
    'index.ts',
    `import { bronzeMetadata, defineDatakit, rebuild, sqliteSource, table, unique } from '@datakit/framework';
import { defineEntity, p } from '@mikro-orm/core';
${below === undefined ? '' : `import { Table as Below } from '${below}';`}
export const Table = defineEntity({ name: 'Table', tableName: '${table}',
  properties: { id: p.integer().primary(), name: p.text()${below === undefined ? ', ...bronzeMetadata' : ''} } });
export default defineDatakit({ name: '${name}', layer: '${layer}',
  ${below === undefined ? `source: sqliteSource({ system: 'bench', url: '\${BENCH_URL}' }),` : ''}
  tables: [table(Table, ${options})] });
`,
  );
  symlinkSync(join(workspace.root, folder), join(workspace.root, 'node_modules', name));
}

function write(workspace: BenchWorkspace, folder: string, name: string, text: string): void {
  mkdirSync(join(workspace.root, folder), { recursive: true });
  writeFileSync(join(workspace.root, folder, name), text);
}
