import { readdirSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { KeptServer } from '../keeper/kept-server.ts';
import { endServerRun, leaseServer, stopServer, type ServerLease } from '../keeper/lease-server.ts';
import { containerFailed } from './container-failure.ts';
import { containerName, type ContainerSpecification } from './container-specification.ts';
import { containersFolder } from './home-containers.ts';

/**
 * Leases a server in a container, and starts it when it does not run. All processes of a home that want the same share
 * one; it is removed with its data when the last lease has ended, also by a kill.
 *
 * @param keep the container outlives its last lease, until {@link stopContainers}
 * @throws CONTAINER_FAILED
 */
export function leaseContainer(
  home: string,
  specification: ContainerSpecification,
  keep?: boolean,
): Promise<ServerLease> {
  const folder = join(containersFolder(resolve(home)), containerName(specification));
  return leaseServer(containerServer(folder, specification.image, specification), keep);
}

/**
 * Stops the containers of a home that were kept, and removes those that killed keepers left behind.
 * Containers in use go on, and stop with their last lease.
 *
 * @returns how many were stopped
 */
export async function stopContainers(home: string): Promise<number> {
  const folder = containersFolder(resolve(home));
  let stopped = 0;
  for (const name of serversOf(home)) {
    // What a killed keeper left is found by its label, below; Docker need not answer where nothing was left.
    if (await stopServer(containerServer(join(folder, name), name, null), async () => false)) stopped++;
  }
  return stopped + (await removeLeftContainers(home));
}

/** Ends what a run held of the containers of a home between its processes. */
export async function endContainersRun(home: string, run: string): Promise<void> {
  await Promise.all(
    serversOf(home).map((name) => endServerRun(containerServer(join(containersFolder(home), name), name, null), run)),
  );
}

function serversOf(home: string): string[] {
  const folder = containersFolder(resolve(home));
  return existsSync(folder) ? readdirSync(folder) : [];
}

async function removeLeftContainers(home: string): Promise<number> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const engine = await getContainerRuntimeClient().catch(() => undefined);
  if (!engine) return 0;
  const { removeOrphans } = await import('./home-containers.ts');
  return removeOrphans(engine, home);
}

function containerServer(folder: string, image: string, specification: ContainerSpecification | null): KeptServer {
  return {
    kind: 'container',
    folder,
    folderMode: 0o700,
    files: [],
    specification,
    failed: (reason, details) => containerFailed(image, reason, details),
  };
}
