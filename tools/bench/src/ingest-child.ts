import { deploy, ingest, openTarget } from '@datakit/framework';
import { benchDatakit } from './bench-datakit.ts';

/** Deploys and ingests in a process of its own, so that its memory is its own. Prints one line of JSON. */
const [url = '', formats = 'table', out = ''] = process.argv.slice(2);
const database = await openTarget({ url });
await deploy(benchDatakit, database);
const { tables } = await ingest(benchDatakit, database, { formats: formats.split(',') as ['table'], out });
await database[Symbol.asyncDispose]();
console.log(JSON.stringify({ ...tables[0], peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
