import { startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { partOf, stateDifferences, type DatabaseState } from '../harness/database-state.ts';
import type { CaseResult, FaultCase, Lab } from '../harness/fault-case.ts';
import type { FaultTarget } from '../harness/fault-target.ts';
import { sweep } from '../harness/sweep.ts';

/** An incremental load that merges is killed (`kill -9`) between any two messages to its server, or writes to its file. */
export const killIngest: FaultCase = {
  name: 'kill-ingest',
  promise: 'the target is as before the load or as after it, cursor included; the next run ends as if none was killed',
  async run(lab) {
    // The server that is installed reads nothing else meanwhile, so it can be the source, too; one of our own is surer.
    await using source = await startPostgres({ version: 'embedded' });
    await fillSource(source);
    const [before, after] = writeDatakits(lab, source);
    const results: CaseResult[] = [];
    for (const target of lab.targets) {
      results.push(
        await sweep(lab, {
          name: 'kill-ingest',
          target,
          command: ['ingest', after, '--mode=incremental'],
          kind: 'kill',
          prepare: (database) => prepare(target, before, database),
          judge: (found, _, undisturbed) => judge(found, undisturbed.before, undisturbed.after),
          // A run that was killed behind its commit did its load, and the next one did another.
          compared: (state) => partOf(state, (name) => !/^rows _datakit[._]loads$|^files$/.test(name)),
        }),
      );
    }
    return results;
  },
};

async function prepare(target: FaultTarget, datakit: string, database: string): Promise<void> {
  for (const args of [
    ['deploy', datakit],
    ['ingest', datakit, '--mode=incremental'],
  ]) {
    const { exitCode, output } = await target.run(args, database);
    if (exitCode !== 0) throw new Error(`${args[0]} failed: ${output}`);
  }
}

function judge(found: DatabaseState, before: DatabaseState, after: DatabaseState): string[] {
  const content = (state: DatabaseState): DatabaseState => partOf(state, (name) => name !== 'files');
  const fromBefore = stateDifferences(content(before), content(found));
  const fromAfter = stateDifferences(content(after), content(found));
  if (fromBefore.length === 0 || fromAfter.length === 0) return [];
  return [`neither as before (${fromBefore.join('; ')}) nor as after (${fromAfter.join('; ')})`];
}

/** Two states of one source: of 3,000 rows 1,000 are changed, 500 are new, some with the last value of the first load. */
async function fillSource(source: TestPostgres): Promise<void> {
  const made = `create table film (id integer primary key, title text, changed timestamptz);
    insert into film select n, 'film ' || n || repeat('.', n % 90), '2024-02-29 12:00+00'::timestamptz + n / 10 * interval '1 second'
    from generate_series(1, 3000) n;`;
  await source.psql('postgres', 'create database films_before');
  await source.psql('postgres', 'create database films_after');
  await source.psql('films_before', made);
  await source.psql(
    'films_after',
    `${made}
     update film set title = title || '!', changed = '2024-02-29 13:00+00' where id % 3 = 0;
     insert into film select n, 'new ' || n, '2024-02-29 12:05+00' from generate_series(3001, 3200) n;
     insert into film select n, 'new ' || n, '2024-02-29 14:00+00' from generate_series(3201, 3500) n;`,
  );
}

/** The same datakit twice, one reads the state before, one the state after. */
function writeDatakits({ workspace }: Lab, source: TestPostgres): [string, string] {
  workspace.write(
    '.env',
    `FILMS_BEFORE_URL=${source.url('films_before')}\nFILMS_AFTER_URL=${source.url('films_after')}\n`,
  );
  const write = (state: 'before' | 'after'): string => {
    const folder = `libs/films-${state}`;
    workspace.write(
      `${folder}/package.json`,
      JSON.stringify({ name: 'bronze-films', type: 'module', version: '0.0.0' }),
    );
    workspace.write(`${folder}/datakit.json`, JSON.stringify({ kind: 'datakit', layer: 'bronze', entry: 'index.ts' }));
    workspace.write(
      `${folder}/index.ts`,
      `import { bronzeMetadata, defineDatakit, postgresSource, table } from '@datakit/framework';
import { defineEntity, p } from '@mikro-orm/core';
const Film = defineEntity({ name: 'Film', tableName: 'film', properties: {
  id: p.integer().primary().autoincrement(false), title: p.text(), changed: p.datetime(6), ...bronzeMetadata } });
export default defineDatakit({ name: 'bronze-films', layer: 'bronze',
  source: postgresSource({ system: 'films', url: '\${FILMS_${state.toUpperCase()}_URL}' }),
  tables: [table(Film, { load: { disposition: 'merge', cursor: { column: 'changed', lag: '1 minute' } } })] });
`,
    );
    return folder;
  };
  return [write('before'), write('after')];
}
