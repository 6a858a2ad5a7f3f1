import { serverBinaries } from './embedded-binaries.ts';
import { prepareCluster, serverUser } from './embedded-cluster.ts';
import type { ControlFiles } from './embedded-control.ts';
import { serverPlaces } from './embedded-places.ts';
import { startPostmaster } from './embedded-postmaster.ts';
import { stopOrphan } from './embedded-process.ts';
import type { ServerAddress } from './embedded-protocol.ts';

/** The server as the keeper has it. */
export interface RunningServer {
  readonly address: ServerAddress;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** From nothing, or from whatever an earlier keeper left, to a server that takes connections. */
export async function runServer(control: ControlFiles): Promise<RunningServer> {
  const places = serverPlaces(control);
  const binaries = await serverBinaries(control, places);
  await stopOrphan(places.data);
  const password = await prepareCluster(control, places, binaries);
  const { port, ended, stop } = await startPostmaster(control, places, binaries);
  return { address: { host: '127.0.0.1', port, user: serverUser, password }, ended, stop };
}
