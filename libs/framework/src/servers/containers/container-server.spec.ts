import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { containerDefaults } from '../../engines/container-defaults.ts';
import { containersOf, describeWith, outputOf } from '../../testing/index.ts';
import { endContainersRun, leaseContainer, stopContainers } from './container-server.ts';
import type { ContainerSpecification } from './container-specification.ts';

const { port, user, password, command, environment } = containerDefaults.postgres;
const postgres: ContainerSpecification = {
  engine: 'postgres',
  image: 'postgres:15.8',
  command,
  environment: environment(user, password),
  port,
  user,
  password,
};

interface Client {
  readonly process: ChildProcess;
  readonly port: number;
}

// Docker's slowest storage driver copies whole images, and a test starts up to three containers.
jest.setTimeout(300_000);

describeWith(['docker'], 'a server in a container', () => {
  let home: string;
  beforeAll(() => void (home = realpathSync(mkdtempSync(join(tmpdir(), 'datakit-container-')))));
  const clients: ChildProcess[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) client.kill('SIGKILL');
    await stopContainers(home);
    expect(await containersOf(home)).toEqual([]);
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** A process with a lease, which ends it when its input ends. */
  function startClient(environmentOfClient: NodeJS.ProcessEnv = {}): Promise<Client> {
    const source = new URL('container-server.ts', import.meta.url).href;
    const program = `
      const { leaseContainer } = await import(${JSON.stringify(source)});
      const lease = await leaseContainer(${JSON.stringify(home)}, ${JSON.stringify(postgres)});
      console.log(lease.port);
      process.stdin.once('end', () => lease.release()).resume();`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', ...environmentOfClient },
    });
    clients.push(child);
    let complaint = '';
    child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
    return new Promise((resolve, reject) => {
      child.stdout.once('data', (text: Buffer) => resolve({ process: child, port: Number(text) }));
      child.once('close', () => reject(new Error(complaint)));
    });
  }

  function keeperPids(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
          return line.includes('keeper-program') && line.includes(home);
        } catch {
          return false;
        }
      })
      .map(Number);
  }

  async function expectNoContainer(): Promise<void> {
    for (const giveUpAt = Date.now() + 20_000; (await containersOf(home)).length > 0 && Date.now() < giveUpAt;)
      await sleep(100);
    expect(await containersOf(home)).toEqual([]);
    for (const giveUpAt = Date.now() + 5_000; keeperPids().length > 0 && Date.now() < giveUpAt;) await sleep(50);
    expect(keeperPids()).toEqual([]);
  }

  it('is one for two processes, on loopback alone, and gone when both were killed', async () => {
    const [first, second] = await Promise.all([startClient(), startClient()]);
    expect(first.port).toBe(second.port);
    const [id = '', ...others] = await containersOf(home);
    expect(others).toEqual([]);
    expect(await outputOf('docker', ['port', id])).toBe(`5432/tcp -> 127.0.0.1:${first.port}`);
    const keepers = await outputOf('ps', ['-o', 'args=', '-p', keeperPids().join(',')]);
    expect(keepers).toContain('keeper-program');
    expect(keepers).not.toContain('POSTGRES_PASSWORD');

    first.process.kill('SIGKILL');
    await sleep(1_000);
    expect(await containersOf(home)).toEqual([id]);
    second.process.kill('SIGKILL');
    await expectNoContainer();
  });

  it('waits between the processes of a run, and not after it', async () => {
    const first = await leaseContainer(home, postgres);
    await first.release('run');
    const [id] = await containersOf(home);
    expect(id).toBeDefined();
    const second = await leaseContainer(home, postgres);
    expect(second.port).toBe(first.port);
    await second.release('run');
    await endContainersRun(home, 'another run');
    expect(await containersOf(home)).toEqual([id]);
    await endContainersRun(home, 'run');
    expect(await containersOf(home)).toEqual([]);
    await expectNoContainer();
  });

  it('stays where it is kept, also for later leases, until it is stopped', async () => {
    const kept = await leaseContainer(home, postgres, true);
    await kept.release();
    const later = await leaseContainer(home, postgres);
    expect(later.port).toBe(kept.port);
    expect(await stopContainers(home)).toBe(0);
    await later.release();
    await expectNoContainer();

    await (await leaseContainer(home, postgres, true)).release();
    expect(await containersOf(home)).toHaveLength(1);
    expect(await stopContainers(home)).toBe(1);
    await expectNoContainer();
  });

  it('is removed by the next command or by pruning where its keeper was killed', async () => {
    await leaseContainer(home, postgres, true);
    const [orphan] = await containersOf(home);
    for (const pid of keeperPids()) process.kill(pid, 'SIGKILL');
    const next = await leaseContainer(home, { ...postgres, command: [] });
    const [other, ...more] = await containersOf(home);
    expect([other === orphan, more]).toEqual([false, []]);
    for (const pid of keeperPids()) process.kill(pid, 'SIGKILL');
    await next.release();
    expect(await containersOf(home)).toEqual([other]);
    expect(await stopContainers(home)).toBe(1);
    await expectNoContainer();
  });

  it.each<[string, Partial<ContainerSpecification>, string]>([
    ['whose image is nowhere', { image: 'datakit.invalid/no-such-image:1' }, 'could not be pulled'],
    ['whose server ends', { environment: {} }, 'it ended with exit code 1\n  | Error: Database is uninitialized'],
    ['that lets nobody in', { user: 'nobody-there' }, 'the server refused the user or the password'],
  ])('%s fails with the reason, and leaves nothing', async (_, change, reason) => {
    await expect(leaseContainer(home, { ...postgres, ...change })).rejects.toMatchObject({
      code: 'CONTAINER_FAILED',
      message: expect.stringContaining(reason),
    });
    await expectNoContainer();
  });

  it('fails with a way out where no Docker answers', async () => {
    await expect(startClient({ DOCKER_HOST: 'not-a-host' })).rejects.toThrow('no Docker answers at not-a-host');
    await expectNoContainer();
  });
});
