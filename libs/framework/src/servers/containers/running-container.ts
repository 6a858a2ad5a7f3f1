import { basename, resolve } from 'node:path';
import type { ContainerRuntimeClient, StartedTestContainer } from 'testcontainers';
import type { Place } from '../../engines/place.ts';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { RunningServer, ServerAddress } from '../keeper/kept-server.ts';
import { containerEngine } from './container-engine.ts';
import { containerFailed, shortReason } from './container-failure.ts';
import { containerLabels, homeDigest } from './container-labels.ts';
import { lastContainerLines } from './container-log.ts';
import type { ContainerSpecification } from './container-specification.ts';
import { homeOf, listContainers, removeContainer, removeOrphans } from './home-containers.ts';
import { isLocal, startContainer } from './start-container.ts';
import { untilReady } from './until-ready.ts';

/** A first start makes the server's files, and images of MySQL take a minute for it on a busy machine. */
const readyTimeoutMs = 180_000;

/** From an image to a server that takes connections. Removes what killed keepers of the same home left. */
export async function runContainer(folder: string, specification: unknown): Promise<RunningServer> {
  const wanted = specification as ContainerSpecification;
  const [home, server] = [homeOf(resolve(folder)), basename(folder)];
  const engine = await containerEngine(wanted.image);
  await removeOrphans(engine, home, server);
  const labels = {
    [containerLabels.home]: homeDigest(home),
    [containerLabels.server]: server,
    [containerLabels.path]: home,
  };
  try {
    return await runStarted(engine, wanted, await startContainer(engine, wanted, labels));
  } catch (error) {
    // Docker may have made it all the same.
    const failure = await withLog(engine, home, server, wanted, error);
    await removeOrphans(engine, home, server);
    throw failure;
  }
}

async function runStarted(
  engine: ContainerRuntimeClient,
  wanted: ContainerSpecification,
  started: StartedTestContainer,
): Promise<RunningServer> {
  const id = started.getId();
  const host = isLocal(engine) ? '127.0.0.1' : started.getHost();
  const { user, password } = wanted;
  const address: ServerAddress = { host, port: started.getMappedPort(wanted.port), user, password };
  let isOver = false;
  const over = (): void => void (isOver = true);
  const ended = engine.container.getById(id).wait().then(over, over);
  const place: Place = { engine: wanted.engine, ...address, database: 'datakit' };
  await untilReady(place, readyTimeoutMs, () => isOver);
  return { address, ended, stop: () => removeContainer(engine, id) };
}

async function withLog(
  engine: ContainerRuntimeClient,
  home: string,
  server: string,
  { image }: ContainerSpecification,
  error: unknown,
): Promise<DatakitError> {
  const own = (await listContainers(engine, home)).find((container) => container.server === server);
  if (!own) return error instanceof DatakitError ? error : containerFailed(image, shortReason(error), { cause: error });
  const container = engine.container.getById(own.id);
  const state = await container.inspect().then(
    ({ State }) => State,
    () => undefined,
  );
  const reason = state && !state.Running ? `it ended with exit code ${state.ExitCode}` : shortReason(error);
  return containerFailed(image, reason, { log: await lastContainerLines(container), cause: error });
}
