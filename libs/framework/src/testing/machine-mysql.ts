import { parseMysqlUrl } from '../settings/mysql-url.ts';

/** A MySQL server that somebody else runs. */
export interface MachineMysql {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Does nothing: it is not ours to stop. */
  stop(): Promise<void>;
}

/**
 * The MySQL server that `DATAKIT_TEST_MYSQL_URL` names: neither Debian 12 nor npm has one for the tests to start.
 * The contracts make databases `datakit_test_…` in it and drop them at their end.
 */
export function machineMysql(): MachineMysql {
  const name = 'DATAKIT_TEST_MYSQL_URL';
  const {
    host = '127.0.0.1',
    port = 3306,
    user = 'root',
    password = '',
  } = parseMysqlUrl(process.env[name] ?? '', name);
  return { host, port, user, password, stop: async () => undefined };
}
