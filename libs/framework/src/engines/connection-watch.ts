import { setTimeout as sleep } from 'node:timers/promises';

/** How often a connection is looked at. */
const lookMs = 5_000;

/** How often in a row it may be found silent while we wait for its server, before that is asked whether it still works for us. */
const silentLooks = 2;

/** How long a server may take to say good-bye. */
const closingMs = 2_000;

/** What a driver's connection must tell to be watched. */
export interface WatchedConnection {
  /** True while an answer is awaited. */
  isWaiting(): boolean;
  /** Grows with every byte in either direction. */
  traffic(): number;
  /** Asks the server over another connection, within a bound, whether it still works for this one. Does not throw. */
  ask(): Promise<Answer>;
  /**
   * Ends the connection from our side; whoever waits gets the error.
   * @param answers whether the server can be told to end its session: asking one that is away costs as long again
   */
  abandon(error: Error, answers: boolean): void;
}

/** It still works for this connection; it answers others, and this one is cut; nobody answers. */
export type Answer = 'works' | 'lost us' | 'is away';

/**
 * Ends a connection whose server has gone without a word: a cut wire, a stopped server, a firewall that forgot us.
 * A statement may take hours, so a bound on statements would be wrong; instead a silent server is asked. It is noticed after
 * 10 to 15 seconds of silence and the 10 that a connection may take.
 */
export function watchConnection(connection: WatchedConnection): Disposable {
  let seen = -1;
  let silent = 0;
  let asking = false;
  const isSilent = (): boolean => connection.isWaiting() && connection.traffic() === seen;
  const look = async (): Promise<void> => {
    if (asking) return;
    silent = isSilent() ? silent + 1 : 0;
    seen = connection.isWaiting() ? connection.traffic() : -1;
    if (silent < silentLooks) return;
    asking = true;
    // An answer that came meanwhile counts, also where this process was too busy to read it.
    const answer = await connection.ask();
    if (answer !== 'works' && isSilent()) connection.abandon(noAnswer(), answer !== 'is away');
    asking = false;
    silent = 0;
  };
  const timer = setInterval(() => void look(), lookMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Closes a connection in order, or by force where the server does not answer any more. */
export async function closeConnection(close: () => Promise<void>, destroy: () => void): Promise<void> {
  const waiting = new AbortController();
  const closed = close().then(
    () => true,
    () => false,
  );
  const tooLong = sleep(closingMs, false, { signal: waiting.signal }).catch(() => false);
  if (!(await Promise.race([closed, tooLong]))) destroy();
  waiting.abort();
}

function noAnswer(): Error {
  return Object.assign(new Error('The server does not answer'), { code: 'ETIMEDOUT' });
}
