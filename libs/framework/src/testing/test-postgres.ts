import { outputOf } from './run-program.ts';

interface TestPostgresFields {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly socketFolder?: string;
  stop(): Promise<void>;
  crash?(downMs: number): Promise<void>;
}

/** A running PostgreSQL of one test file. */
export class TestPostgres implements AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Folder of the unix socket, where there is one. */
  readonly socketFolder: string | undefined;
  readonly #stop: () => Promise<void>;
  readonly #crash: TestPostgresFields['crash'];

  constructor(fields: TestPostgresFields) {
    this.host = fields.host;
    this.port = fields.port;
    this.user = fields.user;
    this.password = fields.password;
    this.socketFolder = fields.socketFolder;
    this.#stop = () => fields.stop();
    this.#crash = fields.crash && ((downMs) => fields.crash!(downMs));
  }

  /** TCP address with the password in it. */
  url(database: string): string {
    const { user, password, host, port } = this;
    return `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
  }

  /** What psql prints for one or several statements: rows by line, columns by tab; fails on any SQL error. */
  async psql(database: string, sql: string): Promise<string> {
    const options = ['--no-psqlrc', '--quiet', '--no-align', '--tuples-only', '--field-separator=\t'];
    const args = [...options, '--set=ON_ERROR_STOP=1', `--command=${sql}`, this.url(database)];
    return outputOf('psql', args);
  }

  /** The names of all databases but the server's own. */
  async databases(): Promise<string[]> {
    const sql = `SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1`;
    return (await this.psql('postgres', sql)).split('\n').filter(Boolean);
  }

  /** Ends the server as a crash does, and starts it again after a while. Only for one that is installed. */
  async crash(downMs: number): Promise<void> {
    if (!this.#crash) throw new Error('This server cannot be started again');
    await this.#crash(downMs);
  }

  async stop(): Promise<void> {
    await this.#stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}
