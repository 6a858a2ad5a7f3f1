import type { Session } from '../session.ts';
import type { Grant } from '../structure-change.ts';
import { quote, quoteTable } from './quote.ts';

/** Those of the grants that the server holds on the tables themselves. */
export async function heldGrants(session: Session, grants: readonly Grant[]): Promise<Grant[]> {
  if (grants.length === 0) return [];
  const rows = await session.query<{ reader: string; name: string }>(
    `select user as reader, table_name as name from mysql.tables_priv
     where db = database() and host in ('%', '') and find_in_set('Select', table_priv) > 0`,
  );
  const held = new Set(rows.map(({ reader, name }) => `${reader}\0${name}`));
  return grants.filter(({ reader, on }) => 'name' in on && held.has(`${reader}\0${on.name}`));
}

/** A role is an account of its own here: on MySQL like a user, on MariaDB without a host. */
async function hostsOf(session: Session, roles: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (roles.length === 0) return new Map();
  const rows = await session.query<{ name: string; host: string }>(
    `select user as name, host as host from mysql.user where host in ('%', '') and user in (${roles.map(() => '?').join(', ')})`,
    roles,
  );
  return new Map(rows.map(({ name, host }) => [name, host]));
}

export async function missingRoles(session: Session, roles: readonly string[]): Promise<string[]> {
  const hosts = await hostsOf(session, roles);
  return roles.filter((role) => !hosts.has(role));
}

export async function grantStatement(session: Session, kind: 'grant' | 'revoke', { reader, on }: Grant) {
  if (!('name' in on)) return [];
  const host = (await hostsOf(session, [reader])).get(reader) ?? '%';
  const account = host === '' ? quote(reader) : `${quote(reader)}@${quote(host)}`;
  return [{ sql: `${kind} select on ${quoteTable(on)} ${kind === 'grant' ? 'to' : 'from'} ${account}` }];
}
