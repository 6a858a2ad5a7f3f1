import type { ContainerRuntimeClient } from 'testcontainers';
import { containerFailed } from './container-failure.ts';

/**
 * The container engine of this machine: DOCKER_HOST, the current Docker context, or a usual socket.
 * @param image what it is wanted for, for the message
 * @throws CONTAINER_FAILED when none answers
 */
export async function containerEngine(image: string): Promise<ContainerRuntimeClient> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  try {
    return await getContainerRuntimeClient();
  } catch (cause) {
    throw containerFailed(image, `no Docker answers at ${process.env['DOCKER_HOST'] || '/var/run/docker.sock'}`, {
      hint: 'Start Docker, or use a target that needs no container, for example postgres_embedded.',
      cause,
    });
  }
}
