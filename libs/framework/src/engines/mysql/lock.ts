import { setTimeout as sleep } from 'node:timers/promises';
import type { Lock, TransactionOptions } from '../engine.ts';
import type { Session } from '../session.ts';
import { gateOf, lockedError, releaseAll, slotsOf, tryAll, tryAny } from './named-locks.ts';

/** How long one statement of a deployment waits for the users of a table; readers queue behind it meanwhile. */
const ddlLockTimeoutSeconds = 5;

/**
 * Runs work under named locks of the server, which end with the session. Rows are written in one transaction;
 * statements that change tables commit by themselves, so structural work has none around it.
 *
 * @throws LOCKED with the holder's connection id, host and start
 */
export async function transaction<Result>(
  session: Session,
  options: TransactionOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const held: string[] = [];
  try {
    for (const lock of options.locks) await take(session, lock, options.timeoutSeconds, held);
    return options.structural
      ? await changeTables(session, options.timeoutSeconds, work)
      : await changeRows(session, work);
  } finally {
    // A lost connection has released them by itself.
    await releaseAll(session, held).catch(() => undefined);
  }
}

async function changeRows<Result>(session: Session, work: () => Promise<Result>): Promise<Result> {
  await session.execute('start transaction');
  try {
    const result = await work();
    await session.execute('commit');
    return result;
  } catch (error) {
    await session.execute('rollback').catch(() => undefined);
    throw error;
  }
}

async function changeTables<Result>(
  session: Session,
  timeoutSeconds: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const seconds = Math.min(ddlLockTimeoutSeconds, Math.max(1, Math.ceil(timeoutSeconds)));
  await session.execute(`set session lock_wait_timeout = ${seconds}`);
  try {
    return await work();
  } finally {
    await session.execute('set session lock_wait_timeout = default').catch(() => undefined);
  }
}

/**
 * The server's locks are exclusive, so a key is one gate and many slots: a shared holder has one slot, an exclusive one
 * all of them. The gate lets one exclusive session at a time collect slots; it keeps those that it has, so that a
 * stream of shared holders cannot keep it out for ever.
 */
async function take(session: Session, lock: Lock, timeoutSeconds: number, held: string[]): Promise<void> {
  const giveUpAt = performance.now() + timeoutSeconds * 1000;
  const gate = await gateOf(session, lock.key);
  const wanted = lock.shared ? slotsOf(gate) : [gate, ...slotsOf(gate)];
  const mine = new Set<string>();
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 500)) {
    const taken = lock.shared
      ? await tryAny(session, wanted)
      : mine.has(gate)
        ? await tryAll(
            session,
            wanted.filter((name) => !mine.has(name)),
          )
        : await tryAll(session, [gate]);
    for (const name of taken) {
      mine.add(name);
      held.push(name);
    }
    if (lock.shared ? mine.size > 0 : mine.size === wanted.length) return;
    // The gate was free: what is behind it is tried at once.
    if (!lock.shared && mine.size === 1 && taken.length === 1) continue;
    if (performance.now() >= giveUpAt) {
      throw await lockedError(
        session,
        lock.key,
        wanted.filter((name) => !mine.has(name)),
        timeoutSeconds,
      );
    }
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}
