import type { ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { crashGuarded, freePort, runGuarded, stopGuarded, unprivilegedOwner } from './guarded-server.ts';
import { outputOf, runProgram } from './run-program.ts';

const user = 'tester';
const password = 'test-Pass 1/@';

/** A running MariaDB of one test file. */
export interface TestMariaDB extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** File of the unix socket. */
  readonly socket: string;
  /** TCP address with the password in it. */
  url(database: string): string;
  /** What the `mariadb` program prints: rows by line, columns by tab, as the server has them; fails on any SQL error. */
  mariadb(database: string, sql: string): Promise<string>;
  /** Kills the server (`kill -9`) and starts it again after a while. */
  crash(downMs: number): Promise<void>;
  /** The same as `root`, on the server itself. */
  asRoot(sql: string): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a throw-away MariaDB on a free port of 127.0.0.1 (password) and a unix socket (`root` without a password).
 * It is stopped and its folder removed by `await using` or `stop()`, and also when this process dies.
 *
 * @param settings of the server: `local-infile=0`
 */
export async function startMariaDB({ settings = [] }: { settings?: readonly string[] } = {}): Promise<TestMariaDB> {
  const owner = unprivilegedOwner('mysql');
  const folder = mkdtempSync(join(tmpdir(), 'datakit-mariadb-'));
  try {
    chmodSync(folder, 0o755);
    if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
    const socket = join(folder, 'socket');
    // Not the common temporary folder: a server that starts removes the temporary tables of others there.
    const base = ['--no-defaults', `--datadir=${join(folder, 'data')}`, `--tmpdir=${folder}`];
    const install = [...base, '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
    await outputOf('mariadb-install-db', install, { ...owner, cwd: folder });
    const port = await freePort();
    const own = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${socket}`, '--skip-name-resolve'];
    const fast = [
      '--innodb-flush-log-at-trx-commit=0',
      '--debug-no-sync',
      '--innodb-buffer-pool-size=256M',
      '--skip-log-bin',
    ];
    const given = settings.map((setting) => `--${setting}`);
    const pidFile = join(folder, 'pid');
    const command = ['/usr/sbin/mariadbd', ...base, ...own, ...fast, ...given, `--pid-file=${pidFile}`];
    const run = (): ChildProcess => runGuarded(command, folder, owner, 'KILL');
    let server = run();
    const asRoot = (sql: string) =>
      runProgram('mariadb', ['--no-defaults', `--socket=${socket}`, '--user=root', '-e', sql]);
    const untilReady = async (): Promise<void> => {
      const deadline = Date.now() + 60_000;
      while ((await asRoot('select 1')).exitCode !== 0) {
        if (Date.now() > deadline || server.exitCode !== null) {
          server.stdin?.end();
          throw new Error(`MariaDB did not start; its log: ${readFileSync(join(folder, 'log'), 'utf8')}`);
        }
        await sleep(50);
      }
    };
    await untilReady();
    const made = await asRoot(
      `create user ${user}@'%' identified by '${password}'; grant all on *.* to ${user}@'%' with grant option`,
    );
    if (made.exitCode !== 0) throw new Error(made.stderr);
    const stop = async (): Promise<void> => {
      await stopGuarded(server);
      rmSync(folder, { recursive: true, force: true });
    };
    const host = '127.0.0.1';
    const address = ['--no-defaults', `--host=${host}`, `--port=${port}`, `--user=${user}`];
    return {
      host,
      port,
      user,
      password,
      socket,
      url: (database) => `mariadb://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`,
      mariadb: (database, sql) =>
        outputOf(
          'mariadb',
          [
            ...address,
            '--batch',
            '--raw',
            '--skip-column-names',
            '--default-character-set=utf8mb4',
            database,
            `--execute=${sql}`,
          ],
          {
            env: { ...process.env, MYSQL_PWD: password },
          },
        ),
      crash: async (downMs) => {
        await crashGuarded(server, Number(readFileSync(pidFile, 'utf8')), 'SIGKILL', downMs);
        server = run();
        await untilReady();
      },
      asRoot: (sql) =>
        outputOf('mariadb', ['--no-defaults', `--socket=${socket}`, '--user=root', '--batch', '-e', sql]),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
