import type { ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, runGuarded, stopGuarded, crashGuarded, unprivilegedOwner, type Owner } from './guarded-server.ts';
import { findPostgresPrograms } from './postgres-programs.ts';
import { outputOf, runProgram } from './run-program.ts';
import { TestPostgres } from './test-postgres.ts';

const user = 'tester';
const password = 'test-Pass 1/@';

/** How a server of the tests differs from the usual one; for those of the machine only. */
export interface TestServerOptions {
  /** `system` is the newest one installed; `embedded` is the framework's own, which has no unix socket. */
  readonly version?: 'system' | 'embedded';
  /** Lines of `postgresql.conf`: `ssl=on`. */
  readonly settings?: readonly string[];
  /** Lines of `pg_hba.conf`, before the usual ones. */
  readonly clientRules?: readonly string[];
  /** The key of its certificate; the server takes it only from a file of its own. */
  readonly privateKey?: string;
  /** Variables that the server is started with. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts a throw-away PostgreSQL on a free port of 127.0.0.1 (password, SCRAM) and a unix socket (trusted).
 * It is stopped and its folder removed by `await using` or {@link TestPostgres.stop}, and also when this process dies.
 */
export async function startPostgres(options: TestServerOptions = {}): Promise<TestPostgres> {
  return options.version === 'embedded' ? startEmbedded() : startInstalled(options);
}

async function startInstalled(options: TestServerOptions): Promise<TestPostgres> {
  const programs = findPostgresPrograms();
  if (!programs) throw new Error('PostgreSQL is not installed');
  const owner = unprivilegedOwner('postgres');
  const folder = mkdtempSync(join(tmpdir(), 'datakit-pg-'));
  try {
    await initialise(programs, folder, owner);
    if (options.privateKey) {
      const file = join(folder, 'data', 'server.key');
      writeFileSync(file, options.privateKey, { mode: 0o600 });
      if (owner.uid !== undefined && owner.gid !== undefined) chownSync(file, owner.uid, owner.gid);
    }
    if (options.clientRules) {
      const file = join(folder, 'data', 'pg_hba.conf');
      writeFileSync(file, [...options.clientRules, readFileSync(file, 'utf8')].join('\n'));
    }
    const port = await freePort();
    let server = runServer(programs, folder, port, owner, options);
    await untilReady(programs, folder, port, server);
    return new TestPostgres({
      host: '127.0.0.1',
      port,
      user,
      password,
      socketFolder: folder,
      crash: async (downMs) => {
        const [pid = ''] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
        // Immediate shutdown: the next start recovers, as after the machine has lost its power.
        await crashGuarded(server, Number(pid), 'SIGQUIT', downMs);
        server = runServer(programs, folder, port, owner, options);
        await untilReady(programs, folder, port, server);
      },
      stop: async () => {
        await stopGuarded(server);
        rmSync(folder, { recursive: true, force: true });
      },
    });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function startEmbedded(): Promise<TestPostgres> {
  const { leaseEmbeddedServer } = await import('../servers/embedded-postgres/embedded-server.ts');
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

function runServer(
  programs: string,
  folder: string,
  port: number,
  owner: Owner,
  options: TestServerOptions,
): ChildProcess {
  const usual = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_wal_size=4GB', 'timezone=UTC'];
  const settings = [...usual, ...(options.settings ?? [])];
  const place = ['-D', join(folder, 'data'), '-h', '127.0.0.1', '-p', `${port}`, '-k', folder];
  const command = [join(programs, 'postgres'), ...place, ...settings.flatMap((setting) => ['-c', setting])];
  return runGuarded(command, folder, owner, 'QUIT', { ...process.env, ...options.environment });
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
