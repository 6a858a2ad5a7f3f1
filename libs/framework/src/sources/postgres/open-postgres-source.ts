import type { PostgresSource } from '../../model/source-definition.ts';
import { securityOf } from '../../settings/connection-security.ts';
import { completeAddress, parsePostgresUrl } from '../../settings/postgres-url.ts';
import type { SourceOpener } from '../source-kind.ts';
import { PostgresConnector } from './postgres-connector.ts';

/** Opens PostgreSQL sources: what the URL leaves out comes from the PG* variables, as for libpq. */
export const postgresOpener: SourceOpener<PostgresSource> = {
  atUrl: ({ url, what, system, declared, environment, fill }) => {
    const given = parsePostgresUrl(url, what);
    const security = { ...given.security, ...(declared && securityOf(declared, fill)) };
    return new PostgresConnector(completeAddress({ ...given, security }, environment, system));
  },
  served: (address) => new PostgresConnector(address),
};
