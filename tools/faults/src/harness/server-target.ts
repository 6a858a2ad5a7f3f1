import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMariaDB, startPostgres, type TestMariaDB, type TestPostgres } from '@datakit/framework/testing';
import { MysqlMessages, PostgresMessages, type MessageSplitter } from './client-messages.ts';
import type { DatabaseState } from './database-state.ts';
import type { Fault, FaultTarget, WatchedRun } from './fault-target.ts';
import { lastReport } from './last-report.ts';
import { mariadbState } from './mariadb-state.ts';
import { MessageProxy } from './message-proxy.ts';
import { postgresState } from './postgres-state.ts';
import { startCommand, type EndedCommand, type RunningCommand } from './running-command.ts';
import type { ScratchWorkspace } from './scratch-workspace.ts';

/** What differs between the servers. */
interface ServerKind {
  readonly name: string;
  readonly hasTransactionalDdl: boolean;
  readonly port: number;
  readonly password: Readonly<Record<string, string>>;
  messages(): MessageSplitter;
  url(port: number, database: string): string;
  state(database: string): Promise<DatabaseState>;
  sessions(database: string): Promise<number>;
  drop(database: string): Promise<void>;
  stop(): Promise<void>;
}

/** A server of our own, with a proxy between it and each command that is watched. */
export class ServerTarget implements FaultTarget {
  readonly name: string;
  readonly hasTransactionalDdl: boolean;
  readonly kinds = ['kill', 'cut', 'stall'] as const;
  readonly splitsPoints = true;
  readonly #kind: ServerKind;
  readonly #workspace: ScratchWorkspace;
  readonly #timeoutMs: number;

  constructor(kind: ServerKind, workspace: ScratchWorkspace, timeoutMs: number) {
    this.name = kind.name;
    this.hasTransactionalDdl = kind.hasTransactionalDdl;
    this.#kind = kind;
    this.#workspace = workspace;
    this.#timeoutMs = timeoutMs;
  }

  async run(args: readonly string[], database: string): Promise<EndedCommand> {
    return this.start(args, database).ended;
  }

  async watch(args: readonly string[], database: string, fault?: Fault): Promise<WatchedRun> {
    await using proxy = await MessageProxy.start(this.#kind.port, () => this.#kind.messages(), fault);
    const command = this.start(args, database, proxy.port);
    proxy.onKill = () => void command.child.kill('SIGKILL');
    const ended = await command.ended;
    const secondsAfterFault = proxy.hitAt === undefined ? 0 : (performance.now() - proxy.hitAt) / 1000;
    const report = lastReport(this.home(database));
    return { ended, report, secondsAfterFault, hit: proxy.hitAt !== undefined, points: [...proxy.labels] };
  }

  /** Starts a command and leaves its end to the caller. */
  start(args: readonly string[], database: string, port = this.#kind.port): RunningCommand {
    const command = [this.#workspace.command, ...args, `--url=${this.#kind.url(port, database)}`];
    return startCommand(process.execPath, command, {
      cwd: this.#workspace.root,
      environment: { ...this.#kind.password, DATAKIT_HOME: this.home(database) },
      timeoutMs: this.#timeoutMs,
    });
  }

  state(database: string): Promise<DatabaseState> {
    return this.#kind.state(database);
  }

  async settled(database: string, withinSeconds: number): Promise<number> {
    const begun = performance.now();
    const seconds = (): number => (performance.now() - begun) / 1000;
    while ((await this.#kind.sessions(database)) > 0) {
      if (seconds() > withinSeconds) return Infinity;
      await sleep(50);
    }
    return seconds();
  }

  drop(database: string): Promise<void> {
    return this.#kind.drop(database);
  }

  /** Where the commands on a database keep their reports. */
  home(database: string): string {
    return join(this.#workspace.root, 'homes', this.name, database);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kind.stop();
  }
}

/** The PostgreSQL that is installed. */
export async function postgresKind(): Promise<ServerKind & { readonly server: TestPostgres }> {
  const server = await startPostgres();
  return {
    server,
    name: 'PostgreSQL',
    hasTransactionalDdl: true,
    port: server.port,
    password: { PGPASSWORD: server.password },
    messages: () => new PostgresMessages(),
    url: (port, database) => `postgresql://${server.user}@127.0.0.1:${port}/${database}`,
    state: (database) => postgresState(server, database),
    sessions: async (database) =>
      Number(
        await server.psql(
          'postgres',
          `select count(*) from pg_stat_activity where datname = '${database}' and application_name = 'datakit'`,
        ),
      ),
    drop: async (database) => void (await server.psql('postgres', `drop database if exists ${database} with (force)`)),
    stop: () => server.stop(),
  };
}

/** The MariaDB that is installed. */
export async function mariadbKind(): Promise<ServerKind & { readonly server: TestMariaDB }> {
  const server = await startMariaDB();
  return {
    server,
    name: 'MariaDB',
    hasTransactionalDdl: false,
    port: server.port,
    password: { MYSQL_PWD: server.password },
    messages: () => new MysqlMessages(),
    url: (port, database) => `mariadb://${server.user}@127.0.0.1:${port}/${database}`,
    state: (database) => mariadbState(server, database),
    sessions: async (database) =>
      Number(await server.mariadb('information_schema', `select count(*) from processlist where db = '${database}'`)),
    drop: async (database) =>
      void (await server.mariadb('information_schema', `drop database if exists \`${database}\``)),
    stop: () => server.stop(),
  };
}
