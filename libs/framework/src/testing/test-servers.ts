import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPostgresPrograms } from './postgres-programs.ts';
import { outputOf, runProgram } from './run-program.ts';
import { TestPostgres } from './test-postgres.ts';

const user = 'tester';
const password = 'test-Pass 1/@';

/**
 * Starts a throw-away PostgreSQL on a free port of 127.0.0.1 (password, SCRAM) and a unix socket (trusted).
 * It is stopped and its folder removed by `await using` or {@link TestPostgres.stop}, and also when this process dies.
 *
 * @param version `system` is the newest one installed; `embedded` is the framework's own, which has no unix socket
 */
export async function startPostgres({
  version = 'system',
}: { version?: 'system' | 'embedded' } = {}): Promise<TestPostgres> {
  return version === 'embedded' ? startEmbedded() : startInstalled();
}

async function startInstalled(): Promise<TestPostgres> {
  const programs = findPostgresPrograms();
  if (!programs) throw new Error('PostgreSQL is not installed');
  const owner = unprivilegedOwner();
  const folder = mkdtempSync(join(tmpdir(), 'datakit-pg-'));
  try {
    await initialise(programs, folder, owner);
    const port = await freePort();
    const server = runGuarded(programs, folder, port, owner);
    await untilReady(programs, folder, port, server);
    return new TestPostgres({
      host: '127.0.0.1',
      port,
      user,
      password,
      socketFolder: folder,
      stop: async () => {
        server.stdin?.end();
        if (server.exitCode === null) await new Promise((resolve) => server.once('exit', resolve));
        rmSync(folder, { recursive: true, force: true });
      },
    });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function startEmbedded(): Promise<TestPostgres> {
  const { leaseEmbeddedServer } = await import('../engines/postgres/embedded-server.ts');
  const home = mkdtempSync(join(tmpdir(), 'datakit-home-'));
  const server = await leaseEmbeddedServer({ home });
  return new TestPostgres({
    ...server,
    stop: async () => {
      await server.release();
      rmSync(home, { recursive: true, force: true });
    },
  });
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root, so root lends it an account that every machine has. */
function unprivilegedOwner(): Owner {
  if (process.getuid?.() !== 0) return {};
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (!account) throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody"');
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

async function initialise(programs: string, folder: string, owner: Owner): Promise<void> {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  chmodSync(folder, 0o755);
  if (owner.uid !== undefined && owner.gid !== undefined) {
    for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
  }
  const options = [
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--auth-local=trust',
    '--auth-host=scram-sha-256',
    '--no-sync',
  ];
  const args = ['-D', join(folder, 'data'), '-U', user, `--pwfile=${passwordFile}`, ...options];
  await outputOf(join(programs, 'initdb'), args, { ...owner, cwd: folder });
}

/**
 * The server under a shell that waits on a pipe from us. However this process ends, the pipe closes,
 * and the shell stops the server and removes its folder: a crashed test leaves nothing.
 */
function runGuarded(programs: string, folder: string, port: number, owner: Owner): ChildProcess {
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_wal_size=4GB', 'timezone=UTC'];
  const guard = `
    exec 3<&0
    "$@" >"$FOLDER/log" 2>&1 &
    server=$!
    (read -r _ <&3; touch "$FOLDER/stopped"; kill -QUIT $server) &
    reader=$!
    wait $server
    [ -e "$FOLDER/stopped" ] || { kill $reader; exit 1; }
    rm -rf "$FOLDER"`;
  const command = [
    join(programs, 'postgres'),
    '-D',
    join(folder, 'data'),
    '-h',
    '127.0.0.1',
    '-p',
    `${port}`,
    '-k',
    folder,
  ];
  return spawn('/bin/sh', ['-c', guard, 'guard', ...command, ...settings.flatMap((setting) => ['-c', setting])], {
    ...owner,
    cwd: folder,
    env: { ...process.env, FOLDER: folder },
    stdio: ['pipe', 'ignore', 'ignore'],
    // Its own process group: Ctrl-C at the terminal reaches us, and we stop the server in order.
    detached: true,
  });
}

async function untilReady(programs: string, folder: string, port: number, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && server.exitCode === null) {
    const { exitCode } = await runProgram(join(programs, 'pg_isready'), ['-q', '-h', folder, '-p', `${port}`]);
    if (exitCode === 0) return;
    await sleep(50);
  }
  server.stdin?.end();
  throw new Error(`PostgreSQL did not start; its log: ${readFileSync(join(folder, 'log'), 'utf8')}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
