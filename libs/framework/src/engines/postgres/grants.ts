import type { Session } from '../session.ts';
import type { Grant } from '../structure-change.ts';
import { quote, quoteTable } from './quote.ts';

/** Those of the grants that the server holds; an owner may read what is his. */
export async function heldGrants(session: Session, grants: readonly Grant[]): Promise<Grant[]> {
  if (grants.length === 0) return [];
  const rows = await session.query<{ position: string }>(
    `select g.position from unnest(?::text[], ?::text[], ?::text[]) with ordinality as g (reader, schema, name, position)
     join pg_roles r on r.rolname = g.reader join pg_namespace n on n.nspname = g.schema
     left join pg_class c on c.relnamespace = n.oid and c.relname = g.name
     where case when g.name = '' then n.nspowner = r.oid or exists (
         select from aclexplode(n.nspacl) x where x.grantee = r.oid and x.privilege_type = 'USAGE')
       else c.relowner = r.oid or exists (
         select from aclexplode(c.relacl) x where x.grantee = r.oid and x.privilege_type = 'SELECT') end`,
    [
      grants.map(({ reader }) => reader),
      grants.map(({ on }) => on.schema ?? 'public'),
      grants.map(({ on }) => ('name' in on ? on.name : '')),
    ],
  );
  const held = new Set(rows.map(({ position }) => Number(position) - 1));
  return grants.filter((_, index) => held.has(index));
}

export async function missingRoles(session: Session, roles: readonly string[]): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    'select name from unnest(?::text[]) as wanted (name) where not exists (select from pg_roles where rolname = name)',
    [roles],
  );
  return rows.map(({ name }) => name);
}

export function grantStatement(kind: 'grant' | 'revoke', { reader, on }: Grant): string {
  const right = 'name' in on ? `select on ${quoteTable(on)}` : `usage on schema ${quote(on.schema)}`;
  return `${kind} ${right} ${kind === 'grant' ? 'to' : 'from'} ${quote(reader)}`;
}
