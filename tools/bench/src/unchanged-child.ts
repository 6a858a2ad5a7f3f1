import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createTarget, deploy, openTarget, type Datakit } from '@datakit/framework';

/**
 * Deploys what is there already, in a fresh process. Prints the milliseconds after start-up: the code is loaded by another
 * deployment, the server was asked once.
 */
const [folder = '', other = '', url = ''] = process.argv.slice(2);
const load = async (path: string): Promise<Datakit> =>
  ((await import(pathToFileURL(join(path, 'index.ts')).href)) as { default: Datakit }).default;
{
  await using memory = await openTarget(createTarget({ type: 'sqlite', database: ':memory:' }));
  await deploy(await load(other), memory);
}
const datakit = await load(folder);
await using database = await openTarget({ url });
await database.exists();
const cpu = process.cpuUsage();
const begun = performance.now();
const { applied } = await deploy(datakit, database);
const milliseconds = performance.now() - begun;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ applied, milliseconds, cpuMilliseconds: (user + system) / 1000 }));
