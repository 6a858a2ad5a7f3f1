import { dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import type { ContainerRuntimeClient } from 'testcontainers';
import { takeProcessLock } from '../../settings/process-lock.ts';
import { keeperFiles } from '../keeper/keeper-files.ts';
import { containerLabels, homeDigest } from './container-labels.ts';

/** A container of a home, running or not. */
export interface HomeContainer {
  readonly id: string;
  /** The name of the folder of its server. */
  readonly server: string;
}

/** The folder of all container servers of a home. */
export function containersFolder(home: string): string {
  return join(home, 'containers');
}

/** The home of a container server, by its folder. */
export function homeOf(folder: string): string {
  return dirname(dirname(folder));
}

/** Finds the containers that carry the label of a home. */
export async function listContainers(engine: ContainerRuntimeClient, home: string): Promise<HomeContainer[]> {
  const filters = { label: [`${containerLabels.home}=${homeDigest(home)}`] };
  const found = await engine.container.dockerode.listContainers({ all: true, filters });
  return found.map(({ Id, Labels }) => ({ id: Id, server: Labels[containerLabels.server] ?? '' }));
}

/** Ends a container and removes it with its data; one that is gone or going is fine. */
export async function removeContainer(engine: ContainerRuntimeClient, id: string): Promise<void> {
  try {
    await engine.container.getById(id).remove({ force: true, v: true });
  } catch (error) {
    if (![404, 409].includes((error as { statusCode?: number }).statusCode ?? 0)) throw error;
  }
}

/**
 * Removes the containers of a home that no keeper holds: a killed one left them.
 * @param ownServer the server whose lock the caller holds
 * @returns how many there were
 */
export async function removeOrphans(engine: ContainerRuntimeClient, home: string, ownServer?: string): Promise<number> {
  let removed = 0;
  for (const { id, server } of await listContainers(engine, home)) {
    const { folder, lock: lockFile } = keeperFiles(join(containersFolder(home), server));
    const isOurs = server === ownServer || !existsSync(folder);
    const lock = isOurs ? undefined : await takeProcessLock(lockFile);
    if (!isOurs && !lock) continue;
    try {
      await removeContainer(engine, id);
      removed++;
    } finally {
      lock?.release();
    }
  }
  return removed;
}
