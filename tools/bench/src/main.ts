import { parseArgs } from 'node:util';
import type { Measured } from './measure.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: 'string', default: '1000000' }, record: { type: 'boolean', default: false } },
});

const rows = Number(values.rows);
const benches: Readonly<Record<string, () => Promise<readonly Measured[]>>> = {
  deploy: async () => (await import('./deploy-bench.ts')).deployBench(),
  ingest: async () => (await import('./ingest-bench.ts')).ingestBench(rows),
  kerberos: async () => (await import('./kerberos-bench.ts')).kerberosBench(rows),
  memory: async () => (await import('./memory-bench.ts')).memoryBench(rows),
  pipeline: async () => (await import('./pipeline-bench.ts')).pipelineBench(),
};

const [name = ''] = positionals;
const bench = benches[name];
if (bench && Number.isSafeInteger(rows) && rows > 0) {
  const results = await bench();
  if (values.record) {
    const { record } = await import('./record.ts');
    await record(name, ['deploy', 'pipeline'].includes(name) ? '' : ` --rows ${rows}`, results);
  }
} else {
  console.error(`Usage: npm run bench -- ${Object.keys(benches).join('|')} [--rows 1000000] [--record]`);
  process.exitCode = 1;
}
