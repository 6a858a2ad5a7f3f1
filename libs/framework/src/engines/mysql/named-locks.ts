import { createHash } from 'node:crypto';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { Row, Session } from '../session.ts';
import { quoteLiteral } from './quote.ts';

/** How many can share one key: loads of one datakit at the same time. */
const slots = 64;

/** Names are of the whole server and at most 64 characters long, so database and key are hashed into them. */
export async function gateOf(session: Session, key: string): Promise<string> {
  const [row] = await session.query<{ name: string | null }>('select database() as name');
  const hash = createHash('sha256')
    .update(`${row?.name ?? ''}\0${key}`)
    .digest('hex');
  return `datakit:${hash.slice(0, 40)}`;
}

export function slotsOf(gate: string): string[] {
  return Array.from({ length: slots }, (_, slot) => `${gate}:${slot}`);
}

/** Tries each name once, without waiting. @returns those that this session has now */
export async function tryAll(session: Session, names: readonly string[]): Promise<string[]> {
  const [row = {}] = await session.query<Row>(
    `select ${names.map((name, index) => `get_lock(${quoteLiteral(name)}, 0) as l${index}`).join(', ')}`,
  );
  const taken = names.filter((_, index) => row[`l${index}`] === 1);
  if (names.every((_, index) => row[`l${index}`] !== null)) return taken;
  await releaseAll(session, taken);
  throw failed();
}

/** Takes one of the names, whichever is free. @returns none or one */
export async function tryAny(session: Session, names: readonly string[]): Promise<string[]> {
  const first = Math.floor(Math.random() * names.length);
  const turned = [...names.slice(first), ...names.slice(0, first)];
  const cases = turned.map((name, index) => `when get_lock(${quoteLiteral(name)}, 0) = 1 then ${index}`);
  const [row] = await session.query<{ taken: number }>(`select case ${cases.join(' ')} else -1 end as taken`);
  return turned.slice(row?.taken ?? -1).slice(0, (row?.taken ?? -1) >= 0 ? 1 : 0);
}

export async function releaseAll(session: Session, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await session.query(`select ${names.map((name) => `release_lock(${quoteLiteral(name)})`).join(', ')}`);
}

/** Who holds what is missing, as far as this user may see. */
export async function lockedError(
  session: Session,
  key: string,
  missing: readonly string[],
  timeoutSeconds: number,
): Promise<DatakitError> {
  const [used] = await session.query<{ id: number | null }>(
    `select coalesce(${missing.map((name) => `is_used_lock(${quoteLiteral(name)})`).join(', ')}) as id`,
  );
  const [holder] = await session.query<{ host: string; since: string }>(
    `select substring_index(host, ':', 1) as host,
       date_format(utc_timestamp() - interval \`time\` second, '%Y-%m-%d %H:%i:%s UTC') as since
     from information_schema.processlist where id = ?`,
    [used?.id ?? 0],
  );
  const who = used?.id ? ` by process ${used.id}${holder ? ` from ${holder.host} since ${holder.since}` : ''}` : '';
  return new DatakitError({
    code: 'LOCKED',
    message: `"${key}" is locked${who}; waited ${timeoutSeconds} s.`,
    hint: 'Wait for the other run, or give a longer --lockTimeout. show full processlist tells what it does.',
    retryable: true,
    details: { lock: key, holder: used?.id },
  });
}

/** NULL instead of 0 or 1: the server ran out of memory, or somebody kills this session. */
function failed(): DatakitError {
  return new DatakitError({
    code: 'TARGET_FAILED',
    message: 'The server could not take a lock for this session.',
    hint: 'Look at its error log, then run again.',
    retryable: true,
  });
}
