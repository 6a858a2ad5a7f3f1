import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { isRoot, unprivilegedAccount } from './account.ts';
import { embeddedFiles } from './embedded-files.ts';
import { cleanUp, copyOfWorkspace, keeperPid, processesOf, serverPid, startClient, temporaryHome } from './fixtures.ts';
import { outsideFolder } from './places.ts';
import { leaseEmbeddedServer, stopEmbeddedServer } from './embedded-server.ts';
import type { ServerLease } from '../keeper/lease-server.ts';

const asRoot = isRoot() ? it : it.skip;

async function query(lease: ServerLease, sql: string): Promise<unknown> {
  const { host, port, user, password } = lease;
  const client = new pg.Client({ host, port, user, password, database: 'postgres' });
  await client.connect();
  try {
    return (await client.query<{ value: unknown }>(sql)).rows[0]?.value;
  } finally {
    await client.end();
  }
}

async function expectNothingLeft(home: string): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (processesOf(home).length > 0 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 20));
  expect(processesOf(home)).toEqual([]);
  expect(existsSync(embeddedFiles(home).address)).toBe(false);
}

describe('the embedded PostgreSQL server', () => {
  // An initdb takes seconds on a busy machine: where the test does not care, it has this home.
  const sharedHome = temporaryHome();
  afterEach(() => stopEmbeddedServer({ home: sharedHome }));
  afterAll(cleanUp);

  it('keeps its data, and leaves no process when the last lease is gone', async () => {
    const home = temporaryHome();
    const first = await leaseEmbeddedServer({ home });
    expect(await query(first, `select current_setting('server_version_num')::int >= 180000 as value`)).toBe(true);
    await query(first, 'create table kept as select 42 as answer');
    await first.release();
    await expectNothingLeft(home);

    const second = await leaseEmbeddedServer({ home });
    expect(await query(second, 'select answer as value from kept')).toBe(42);
    await second.release();
    await second.release();
    await expectNothingLeft(home);
  });

  it('speaks UTF-8 and UTC, sorts by code point and wants its password', async () => {
    const home = sharedHome;
    const lease = await leaseEmbeddedServer({ home });
    expect(
      await query(lease, `select array[current_setting('server_encoding'), current_setting('timezone')] as value`),
    ).toEqual(['UTF8', 'UTC']);
    expect(await query(lease, `select upper('é') || ('Z' < 'a')::text as value`)).toBe('Étrue');
    await expect(query({ ...lease, password: 'guess' }, 'select 1 as value')).rejects.toThrow('password');
    const { password } = embeddedFiles(home);
    expect(readFileSync(password, 'utf8')).toBe(lease.password);
    expect(statSync(password).mode & 0o777).toBe(0o600);
    expect(processesOf(home).some(({ command }) => command.includes(lease.password))).toBe(false);
    await lease.release();
  });

  it('is one for five processes that lease it for the first time at once', async () => {
    const home = temporaryHome();
    const clients = await Promise.all(Array.from({ length: 5 }, () => startClient(home)));
    expect(new Set(clients.map(({ port }) => port)).size).toBe(1);
    await Promise.all(clients.slice(1).map((client) => client.release()));
    expect(serverPid(home)).toBeDefined();
    await clients[0]?.release();
    await expectNothingLeft(home);
  });

  it('is there for a lease that arrives while the last one stops it', async () => {
    const home = sharedHome;
    let leaving = (await leaseEmbeddedServer({ home })).release();
    for (let round = 0; round < 4; round++) {
      const next = await leaseEmbeddedServer({ home });
      await leaving;
      expect(await query(next, 'select 1 as value')).toBe(1);
      leaving = next.release();
    }
    await leaving;
    await expectNothingLeft(home);
  });

  it('frees the lease of a process that is killed, or ends without a word', async () => {
    const home = sharedHome;
    const [killed, polite] = await Promise.all([startClient(home), startClient(home)]);
    killed?.process.kill('SIGKILL');
    await polite?.release();
    await expectNothingLeft(home);

    const silent = await startClient(home, { isSilent: true });
    expect(silent.port).toBeGreaterThan(0);
    await expectNothingLeft(home);
  });

  it('starts anew after its keeper was killed', async () => {
    const home = sharedHome;
    const first = await leaseEmbeddedServer({ home });
    await query(first, 'create table kept as select 42 as answer');
    const orphan = serverPid(home);
    process.kill(keeperPid(home) ?? 0, 'SIGKILL');
    await first.release();
    expect(serverPid(home)).toBe(orphan);

    const second = await leaseEmbeddedServer({ home });
    expect(serverPid(home)).not.toBe(orphan);
    expect(await query(second, 'select answer as value from kept')).toBe(42);
    await second.release();
    await expectNothingLeft(home);
  });

  it('starts anew after keeper and server were killed together', async () => {
    const home = sharedHome;
    const first = await leaseEmbeddedServer({ home });
    const { host, port, user, password } = first;
    const session = new pg.Client({ host, port, user, password, database: 'postgres' });
    session.on('error', () => undefined);
    await session.connect();
    const sleeping = session.query('select pg_sleep(30)').catch(() => undefined);
    for (const pid of [keeperPid(home), serverPid(home)]) process.kill(pid ?? 0, 'SIGKILL');
    const second = await leaseEmbeddedServer({ home });
    expect(await query(second, 'select 1 as value')).toBe(1);
    await second.release();
    await sleeping;
    await expectNothingLeft(home);
  });

  it('outlives its last lease when asked to be kept, until it is stopped', async () => {
    const home = temporaryHome();
    expect(await stopEmbeddedServer({ home })).toBe(false);
    const first = await leaseEmbeddedServer({ home, keep: true });
    await first.release();
    const second = await leaseEmbeddedServer({ home });
    expect(second.port).toBe(first.port);
    await second.release();
    expect(await stopEmbeddedServer({ home })).toBe(true);
    await expectNothingLeft(home);
    expect(await stopEmbeddedServer({ home })).toBe(false);
  });

  it('is not stopped while somebody has a lease, but no longer kept', async () => {
    const home = sharedHome;
    const lease = await leaseEmbeddedServer({ home, keep: true });
    expect(await stopEmbeddedServer({ home })).toBe(false);
    expect(await query(lease, 'select 1 as value')).toBe(1);
    await lease.release();
    await expectNothingLeft(home);
  });

  it('is stopped as an orphan, too', async () => {
    const home = sharedHome;
    await leaseEmbeddedServer({ home, keep: true });
    process.kill(keeperPid(home) ?? 0, 'SIGKILL');
    expect(await stopEmbeddedServer({ home })).toBe(true);
    expect(processesOf(home)).toEqual([]);
  });

  it('fails with the last lines of its log', async () => {
    const home = temporaryHome();
    await (await leaseEmbeddedServer({ home })).release();
    writeFileSync(join(embeddedFiles(home).folder, 'data', 'PG_VERSION'), '12\n');
    await expect(leaseEmbeddedServer({ home })).rejects.toMatchObject({
      code: 'SERVER_FAILED',
      message: expect.stringContaining('database files are incompatible with server'),
    });
    await expectNothingLeft(home);
  });

  asRoot('lies outside of a home that only root may enter, and forgets a home that was deleted', async () => {
    const home = temporaryHome({ mode: 0o700 });
    const first = await leaseEmbeddedServer({ home });
    expect(existsSync(join(embeddedFiles(home).folder, 'data'))).toBe(false);
    expect(statSync(join(outsideFolder(embeddedFiles(home)), 'data')).mode & 0o777).toBe(0o700);
    await query(first, 'create table kept as select 42 as answer');
    await first.release();

    rmSync(embeddedFiles(home).folder, { recursive: true });
    const second = await leaseEmbeddedServer({ home });
    expect(await query(second, `select to_regclass('kept')::text as value`)).toBeNull();
    await second.release();
    await expectNothingLeft(home);
  });

  asRoot('copies programs that only root may reach, and makes the links that npm left out', async () => {
    const home = temporaryHome({ mode: 0o700 });
    const client = await startClient(home, { workspace: copyOfWorkspace({ mode: 0o700 }) });
    expect(client.port).toBeGreaterThan(0);
    await client.release();
    await expectNothingLeft(home);
  });

  asRoot('tells an ordinary user that the server is another one’s', async () => {
    const home = sharedHome;
    await expect(startClient(home, { account: unprivilegedAccount() })).rejects.toThrow('belongs to another user');
  });

  asRoot('works for an ordinary user', async () => {
    const home = temporaryHome({ account: unprivilegedAccount() });
    const client = await startClient(home, { account: unprivilegedAccount() });
    await client.release();
    await expectNothingLeft(home);
  });

  asRoot('copies programs into the home where an ordinary user may not link them', async () => {
    const home = temporaryHome({ account: unprivilegedAccount() });
    const client = await startClient(home, {
      account: unprivilegedAccount(),
      workspace: copyOfWorkspace({ mode: 0o755 }),
    });
    await client.release();
    await expectNothingLeft(home);
  });
});
