import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { Lock, TransactionOptions } from '../engine.ts';
import type { Session } from '../session.ts';

/** How long one statement of a deployment waits for the users of a table. */
const ddlLockTimeoutMs = 5_000;

/**
 * Runs work in one transaction under transaction-level advisory locks, which work behind a transaction pooler
 * and end with the session.
 *
 * @throws LOCKED with the holder's process id, host and start
 * @see https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
export async function transaction<Result>(
  session: Session,
  options: TransactionOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  await session.execute('begin');
  try {
    // A change of a live table queues every later reader behind itself while it waits for an earlier one.
    if (options.structural) {
      const timeoutMs = Math.min(ddlLockTimeoutMs, Math.max(1, options.timeoutSeconds * 1000));
      await session.execute(`set local lock_timeout = '${Math.round(timeoutMs)}ms'`);
    }
    for (const lock of options.locks) await take(session, lock, options.timeoutSeconds);
    const result = await work();
    await session.execute('commit');
    return result;
  } catch (error) {
    // A lost connection has rolled back by itself; the first error is the one that tells the user something.
    await session.execute('rollback').catch(() => undefined);
    throw error;
  }
}

async function take(session: Session, lock: Lock, timeoutSeconds: number): Promise<void> {
  const key = lockNumber(lock.key);
  // Without a bound value: the portal of one that has some keeps its snapshot for as long as the transaction waits, and
  // an index that is built concurrently waits for that snapshot.
  const attempt = `select pg_try_advisory_xact_lock${lock.shared ? '_shared' : ''}('${key}'::bigint) as taken`;
  const giveUpAt = performance.now() + timeoutSeconds * 1000;
  // Polled, not awaited in the server: a waiting pg_advisory_lock() deadlocks with CREATE INDEX CONCURRENTLY (flyway#1654).
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 500)) {
    const [row] = await session.query<{ taken: boolean }>(attempt);
    if (row?.taken) return;
    if (performance.now() >= giveUpAt) throw await locked(session, lock, key, timeoutSeconds);
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}

/** Keys are hashed to the 64-bit number that PostgreSQL wants. */
function lockNumber(key: string): string {
  return createHash('sha256').update(`datakit\0${key}`).digest().readBigInt64BE(0).toString();
}

async function locked(session: Session, lock: Lock, key: string, timeoutSeconds: number): Promise<DatakitError> {
  const [holder] = await session.query<{ pid: number; host: string; since: string }>(
    `select l.pid, coalesce(host(a.client_addr), 'this server') as host, to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS TZ') as since
     from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and l.database = (select oid from pg_database where datname = current_database()) and l.pid <> pg_backend_pid()
       and ((l.classid::bigint << 32) | l.objid::bigint) = ?::bigint limit 1`,
    [key],
  );
  const who = holder ? ` by process ${holder.pid} from ${holder.host} since ${holder.since}` : '';
  return new DatakitError({
    code: 'LOCKED',
    message: `"${lock.key}" is locked${who}; waited ${timeoutSeconds} s.`,
    hint: 'Wait for the other run, or give a longer --lockTimeout. select * from pg_stat_activity shows what it does.',
    retryable: true,
    details: { lock: lock.key, holder: holder?.pid },
  });
}
