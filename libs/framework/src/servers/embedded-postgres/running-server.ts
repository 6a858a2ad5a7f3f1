import type { RunningServer } from '../keeper/kept-server.ts';
import { serverBinaries } from './binaries.ts';
import { prepareCluster, serverUser } from './cluster.ts';
import { embeddedFilesIn } from './embedded-files.ts';
import { serverPlaces } from './places.ts';
import { startPostmaster } from './postmaster.ts';
import { stopOrphan } from './process.ts';

/** From nothing, or from whatever an earlier keeper left, to a server that takes connections. */
export async function runServer(folder: string): Promise<RunningServer> {
  const files = embeddedFilesIn(folder);
  const places = serverPlaces(files);
  const binaries = await serverBinaries(files, places);
  await stopOrphan(places.data);
  const password = await prepareCluster(files, places, binaries);
  const { port, ended, stop } = await startPostmaster(files, places, binaries);
  return { address: { host: '127.0.0.1', port, user: serverUser, password }, ended, stop };
}
