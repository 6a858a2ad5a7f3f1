import { expect, test } from '@jest/globals';
import type { ProjectGraph } from '@nx/devkit';
import { operationTargets } from '../graph/operation-targets.ts';
import { readCommand } from './read-command.ts';

const plugin = { targets: { staging: { type: 'postgres', host: 'db' } } } as const;
const datakit = (name: string) => ({
  name,
  type: 'lib' as const,
  data: { root: `libs/${name}`, targets: operationTargets(`libs/${name}`, plugin) },
});
const foreign = { deploy: { executor: 'nx:run-commands' }, build: { executor: 'nx:run-commands' } };
const graph: ProjectGraph = {
  nodes: {
    bronze: datakit('bronze'),
    'ns:silver': datakit('ns:silver'),
    shop: { name: 'shop', type: 'app', data: { root: 'apps/shop', targets: foreign } },
  },
  dependencies: {},
};
const read = (line: string) => readCommand(['node', 'nx.js', ...line.split(' ')], '/workspace', graph, plugin);

test.each([
  ['TARGET_UNKNOWN', 'run bronze:deploy:STAGING'],
  ['TARGET_UNKNOWN', 'run bronze:deploy:__proto__'],
  ['TARGET_UNKNOWN', 'run bronze:deploy:constructor'],
  ['TARGET_UNKNOWN', 'run bronze:deploy:staging:'],
  ['TARGET_UNKNOWN', 'run ns:silver:deploy:stagin'],
  ['TARGET_UNKNOWN', 'run deploy:stagin'],
  ['TARGET_UNKNOWN', 'run deploy -c stagin'],
  ['TARGET_UNKNOWN', 'run -t deploy -p bronze -c stagin'],
  ['TARGET_UNKNOWN', 'run bronze:validate:stagin'],
  ['TARGET_UNKNOWN', 'run bronze:deploy --configuration='],
  ['TARGET_UNKNOWN', 'run bronze:deploy -c'],
  ['TARGET_UNKNOWN', '--verbose run bronze:deploy -c stagin'],
  ['TARGET_UNKNOWN', 'deploy bronze --configuration stagin'],
  ['TARGET_UNKNOWN', 'deploy -c stagin'],
  ['TARGET_UNKNOWN', 'run-many -t deploy -c=toString'],
  ['TARGET_UNKNOWN', 'run-many --targets=build,deploy -c stagin'],
  ['TARGET_UNKNOWN', 'run-many -t deploy -p br* -c stagin'],
  ['TARGET_UNKNOWN', 'affected -t deploy --base=HEAD --configuration='],
  ['TARGET_UNKNOWN', 'affected --target ingest --base main --head HEAD -c __proto__'],
  ['OPTION_INVALID', 'run-many -t deploy -cstaging'],
  ['OPTION_INVALID', 'affected -t deploy -cstaging'],
  ['OPTION_INVALID', 'run bronze:deploy -c staging -c sqlite_file'],
  ['OPTION_INVALID', 'run bronze:deploy -c staging -c staging'],
  ['OPTION_INVALID', 'run bronze:deploy:staging -c sqlite_file'],
  ['OPTION_INVALID', 'run bronze:deploy:staging --url=postgresql://db/other'],
  ['OPTION_INVALID', 'run bronze:deploy staging'],
  ['OPTION_INVALID', 'run bronze:deploy --target=staging'],
  ['OPTION_INVALID', 'run bronze:deploy --plan perhaps'],
  ['OPTION_INVALID', 'run-many -t deploy --target=staging'],
  ['OPTION_INVALID', 'run-many -t Deploy'],
  ['OPTION_INVALID', 'run-many -t deploy,validate --batch=false'],
  ['OPTION_INVALID', 'run-many -t validate ingest --no-batch'],
  ['OPTION_UNKNOWN', 'run bronze:deploy --plna'],
  ['OPTION_UNKNOWN', 'run bronze:deploy -- -x'],
  ['OPTION_UNKNOWN', 'run bronze:deploy -- --verbose'],
  ['OPTION_UNKNOWN', 'run bronze:deploy --toString=1'],
  ['OPTION_UNKNOWN', 'run bronze:deploy --__proto__=1'],
  ['OPTION_UNKNOWN', 'run-many -t deploy --head=main'],
  ['OPTION_UNKNOWN', 'affected -t deploy --base=HEAD --formats=json'],
  ['SECRET_IN_ARGS', 'run-many -t ingest --password hunter2'],
  ['SECRET_IN_ARGS', 'run bronze:deploy -- --url=postgresql://u:hunter2@db/x'],
])('%s: nx %s', (code, line) => {
  const refusal = expect(() => read(line));
  refusal.toThrow(expect.objectContaining({ code }));
  refusal.not.toThrow(/hunter2/);
});

test.each([
  ['run shop:deploy -c production --anything=1', {}],
  ['run-many -t deploy -p shop -c production', {}],
  ['run-many -t build,test -c staging', { name: 'staging' }],
  ['run-many -t list', {}],
  ['affected:test --base=main', {}],
  ['graph', {}],
])('is left alone: nx %s', (line, target) => {
  expect(read(line)).toMatchObject({ request: { target, options: {} } });
  expect(read(line).batchMode).toBeUndefined();
});

test.each([
  ['run bronze:deploy', 'false'],
  ['run bronze:deploy --batch', undefined],
  ['run-many -t deploy', undefined],
  ['affected -t ingest', undefined],
  ['run-many -t deploy,validate', ''],
])('batches where one process serves many projects, and where order needs it: nx %s', (line, batchMode) => {
  expect(read(line).batchMode).toBe(batchMode);
});

test.each(['run bronze:deploy --prod', 'run-many -t deploy --prod'])('nx %s means the target production', (line) => {
  expect(read(line).request.target).toEqual({ name: 'production' });
});

test('the same target named twice in two places is one target', () => {
  expect(read('run bronze:deploy:staging -c staging').request.target).toEqual({ name: 'staging' });
});
