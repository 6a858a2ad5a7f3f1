import { containerDefaults, type ContainerEngine } from '../engines/container-defaults.ts';
import { containerLabels, homeDigest } from '../servers/containers/container-labels.ts';
import { predefinedTargets } from '../targets/predefined-targets.ts';
import { outputOf, runProgram } from './run-program.ts';

const containerTargets = [
  predefinedTargets.postgres_container,
  predefinedTargets.mysql_container,
  predefinedTargets.mariadb_container,
];

/** What tests of containers start. */
export const containerImages = containerTargets.map(({ container }) => container.image);

/** A container that a test started by hand. */
export interface TestContainer extends AsyncDisposable {
  readonly id: string;
  /** On 127.0.0.1. */
  readonly port: number;
  isRunning(): Promise<boolean>;
}

/**
 * Starts the image of a container target by the `docker` program, as a user does by hand.
 * @param folder a temporary folder of the test, for the label by which CI finds what was left behind
 * @param port published on 127.0.0.1; 0 is a free one
 */
export async function startContainer(type: ContainerEngine, folder: string, port = 0): Promise<TestContainer> {
  const image = containerTargets.find((target) => target.type === type)?.container.image ?? '';
  const { port: inside, user, password, environment } = containerDefaults[type];
  const id = await outputOf('docker', [
    ...['run', '--detach', '--label', `${containerLabels.path}=${folder}`, '--publish', `127.0.0.1:${port}:${inside}`],
    ...Object.entries(environment(user, password)).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    image,
  ]);
  const published = await outputOf('docker', ['port', id, `${inside}/tcp`]);
  return {
    id,
    port: Number(published.split('\n')[0]?.split(':').at(-1)),
    isRunning: async () =>
      (await runProgram('docker', ['inspect', '--format', '{{.State.Running}}', id])).stdout.trim() === 'true',
    [Symbol.asyncDispose]: async () => void (await runProgram('docker', ['rm', '--force', '--volumes', id])),
  };
}

/** The ids of our containers of a home, as the `docker` program sees them, running or not. */
export async function containersOf(home: string): Promise<string[]> {
  const filter = `label=${containerLabels.home}=${homeDigest(home)}`;
  const ids = await outputOf('docker', ['ps', '--all', '--quiet', '--no-trunc', '--filter', filter]);
  return ids.split('\n').filter(Boolean);
}
