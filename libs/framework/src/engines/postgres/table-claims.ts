import type { Session } from '../session.ts';
import type { TableClaim } from '../statement-cost.ts';
import type { TableName } from '../table-structure.ts';
import { quoteTable } from './quote.ts';

/**
 * Locks the tables that a plan needs, before its first statement, all of them within one time. A table that is locked
 * already keeps its readers waiting while the next one is waited for, and `lock_timeout` counts for each anew.
 * @throws LOCKED
 */
export async function claimTables(session: Session, claims: readonly TableClaim[], timeoutMs: number): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs;
  const sorted = claims.toSorted((one, other) => (quoteTable(one.table) < quoteTable(other.table) ? -1 : 1));
  for (const { table, blocks } of sorted) {
    if (blocks === 'nothing') continue;
    const mode = blocks === 'writes' ? 'share row exclusive' : 'access exclusive';
    await setLockTimeout(session, giveUpAt - performance.now());
    await session.execute(`lock table ${quoteTable(table)} in ${mode} mode`);
  }
  await setLockTimeout(session, timeoutMs);
}

/** 0 would wait for ever. */
async function setLockTimeout(session: Session, timeoutMs: number): Promise<void> {
  await session.execute(`set local lock_timeout = '${Math.max(1, Math.round(timeoutMs))}ms'`);
}

/** Who uses one of the tables at this moment, the one that has for longest. */
export async function usersOf(session: Session, tables: readonly TableName[]): Promise<string | undefined> {
  const [user] = await session.query<{ pid: number; application: string; role: string; since: string }>(
    `select a.pid, coalesce(nullif(a.application_name, ''), 'no name') as application, a.usename as role,
       to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS TZ') as since
     from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'relation' and l.granted and l.pid <> pg_backend_pid()
       and l.database = (select oid from pg_database where datname = current_database())
       and l.relation in (select to_regclass(name) from unnest(?::text[]) as wanted (name))
     order by a.xact_start limit 1`,
    [tables.map(quoteTable)],
  );
  return user && `process ${user.pid} (${user.application}, user ${user.role}) since ${user.since}`;
}
