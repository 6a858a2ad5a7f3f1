import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: 'string', default: '1000000' } },
});

const benches: Readonly<Record<string, () => Promise<unknown>>> = {
  deploy: async () => (await import('./deploy-bench.ts')).deployBench(),
  ingest: async () => (await import('./ingest-bench.ts')).ingestBench(Number(values.rows)),
};

const [name = ''] = positionals;
const bench = benches[name];
if (bench) await bench();
else {
  console.error(`Usage: npm run bench -- ${Object.keys(benches).join('|')} [--rows 1000000]`);
  process.exitCode = 1;
}
