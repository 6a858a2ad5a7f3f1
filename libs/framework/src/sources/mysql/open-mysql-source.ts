import type { MysqlSource } from '../../model/source-definition.ts';
import { securityOf } from '../../settings/connection-security.ts';
import { completeMysqlAddress, parseMysqlUrl } from '../../settings/mysql-url.ts';
import type { SourceOpener } from '../source-kind.ts';
import { MysqlConnector } from './mysql-connector.ts';

/** Opens MySQL and MariaDB sources: what the URL leaves out comes from the servers' usual variables. */
export const mysqlOpener: SourceOpener<MysqlSource> = {
  atUrl: ({ url, what, system, declared, environment, fill }) => {
    const given = parseMysqlUrl(url, what);
    const security = { ...given.security, ...(declared && securityOf(declared, fill)) };
    const address = completeMysqlAddress({ ...given, security }, environment, declared?.schema ?? system);
    return new MysqlConnector({ engine: url.startsWith('mariadb:') ? 'mariadb' : 'mysql', ...address });
  },
  served: (address) => new MysqlConnector({ engine: 'mysql', ...address }),
};
