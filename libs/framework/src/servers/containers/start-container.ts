import type { ContainerRuntimeClient, GenericContainer, StartedTestContainer, WaitStrategy } from 'testcontainers';
import { containerFailed, shortReason } from './container-failure.ts';
import type { ContainerSpecification } from './container-specification.ts';

/** When it is ready we ask the server itself; a strategy that is never done early would only hide its log. */
const atOnce: WaitStrategy = {
  waitUntilReady: async () => undefined,
  withStartupTimeout: () => atOnce,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};

/**
 * Makes a container and starts it on a free port, of the loopback interface alone where Docker runs on this machine.
 * @throws CONTAINER_FAILED for an image that cannot be had, or a container that Docker refuses
 */
export async function startContainer(
  engine: ContainerRuntimeClient,
  { image, command, environment, port }: ContainerSpecification,
  labels: Record<string, string>,
): Promise<StartedTestContainer> {
  await pull(engine, image);
  await tryReaper(engine);
  const container = await publishedContainer(image, port, isLocal(engine));
  container
    .withEnvironment({ ...environment })
    .withLabels(labels)
    .withWaitStrategy(atOnce);
  if (command.length > 0) container.withCommand([...command]);
  try {
    return await container.start();
  } catch (cause) {
    throw containerFailed(image, `Docker could not start it: ${shortReason(cause)}`, { cause });
  }
}

/** True where published ports are on this machine's own loopback interface. */
export function isLocal(engine: ContainerRuntimeClient): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes(engine.info.containerRuntime.host);
}

async function pull(engine: ContainerRuntimeClient, image: string): Promise<void> {
  const { ImageName } = await import('testcontainers');
  try {
    await engine.image.pull(ImageName.fromString(image));
  } catch (cause) {
    throw containerFailed(image, `the image is not on this machine, and could not be pulled: ${shortReason(cause)}`, {
      hint: `Check the name; "docker pull ${image}" shows more. The image of a target is "container": { "image": … } in nx.json.`,
      cause,
    });
  }
}

/**
 * The reaper of testcontainers removes what a killed keeper leaves, sooner than our next command would. Its image is
 * not everywhere, nor may it run everywhere; we do not need it.
 */
async function tryReaper(engine: ContainerRuntimeClient): Promise<void> {
  if (process.env['TESTCONTAINERS_RYUK_DISABLED'] === 'true') return;
  const { getReaper } = await import('testcontainers');
  try {
    await getReaper(engine);
  } catch (error) {
    console.error(`Going on without the reaper of testcontainers: ${shortReason(error)}`);
    process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  }
}

/** testcontainers publishes ports to the whole network, and our passwords are no secrets. */
async function publishedContainer(image: string, port: number, onLoopback: boolean): Promise<GenericContainer> {
  const { GenericContainer } = await import('testcontainers');
  class PublishedContainer extends GenericContainer {
    constructor() {
      super(image);
      this.withExposedPorts(port);
      if (onLoopback) this.hostConfig.PortBindings = { [`${port}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: '0' }] };
    }
  }
  return new PublishedContainer();
}
