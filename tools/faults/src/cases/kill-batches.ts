import { startPostgres } from '@datakit/framework/testing';
import { partOf, type DatabaseState } from '../harness/database-state.ts';
import type { CaseResult, FaultCase, Lab } from '../harness/fault-case.ts';
import { sweep } from '../harness/sweep.ts';

/** Rows in the table after each batch of 1,000. A batch ends where the value changes, so 10,000 of one value are in one. */
const ends = [0, 1000, 2000, 12_500, 13_500, 14_500, 15_000];

/** An incremental load in batches is killed (`kill -9`) between any two messages to its server, or writes to its file. */
export const killBatches: FaultCase = {
  name: 'kill-batches',
  promise: 'whole batches are there, each with its row in the ledger; the next run loses no row and doubles none',
  async run(lab) {
    await using source = await startPostgres({ version: 'embedded' });
    await source.psql('postgres', 'create database visits');
    await source.psql(
      'visits',
      `create table visit (id integer primary key, changed timestamptz not null);
       insert into visit select n, '2024-02-29 12:00:00+00'::timestamptz
         + interval '1 microsecond' * (least(n, 2501) + greatest(0, n - 12500)) from generate_series(1, 15000) n`,
    );
    const datakit = writeDatakit(lab, source.url('visits'));
    const results: CaseResult[] = [];
    for (const target of lab.targets) {
      const left = new Set<number>();
      const result = await sweep(lab, {
        name: 'kill-batches',
        target,
        command: ['ingest', datakit, '--mode=incremental'],
        kind: 'kill',
        prepare: async (database) => {
          const { exitCode, output } = await target.run(['deploy', datakit], database);
          if (exitCode !== 0) throw new Error(`deploy failed: ${output}`);
        },
        judge: (found) => {
          const [rows, loads] = [
            rowsIn(found, /^rows bronze_visits[._]visit$/),
            rowsIn(found, /^rows _datakit[._]loads$/),
          ];
          left.add(rows);
          return ends[loads] === rows ? [] : [`${rows} rows of ${loads} batches`];
        },
        // A run that was killed behind its last commit did all, and the next one did another load.
        compared: (state) => partOf(state, (name) => !/^rows _datakit[._]loads$|^files$/.test(name)),
      });
      const counts = [...left].sort((one, other) => one - other).join(', ');
      results.push({ ...result, note: `${result.note}; left ${counts} rows` });
    }
    return results;
  },
};

function rowsIn(state: DatabaseState, table: RegExp): number {
  const [, rows = ''] = [...state].find(([name]) => table.test(name)) ?? [];
  return Number.parseInt(rows, 10);
}

function writeDatakit({ workspace }: Lab, url: string): string {
  const folder = 'libs/bronze-visits';
  workspace.write('.env', `VISITS_URL=${url}\n`);
  workspace.write(
    `${folder}/package.json`,
    JSON.stringify({ name: 'bronze-visits', type: 'module', version: '0.0.0' }),
  );
  workspace.write(`${folder}/datakit.json`, JSON.stringify({ kind: 'datakit', layer: 'bronze', entry: 'index.ts' }));
  workspace.write(
    `${folder}/index.ts`,
    `import { bronzeMetadata, defineDatakit, postgresSource, table } from '@datakit/framework';
import { defineEntity, p } from '@mikro-orm/core';
const Visit = defineEntity({ name: 'Visit', tableName: 'visit', properties: {
  id: p.integer().primary().autoincrement(false), changed: p.datetime(6), ...bronzeMetadata } });
export default defineDatakit({ name: 'bronze-visits', layer: 'bronze',
  source: postgresSource({ system: 'visits', url: '\${VISITS_URL}' }),
  tables: [table(Visit, { load: { disposition: 'append', cursor: { column: 'changed', batchRows: 1000 } } })] });
`,
  );
  return folder;
}
