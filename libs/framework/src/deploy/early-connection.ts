import { setImmediate } from 'node:timers/promises';
import type { Session } from '../engines/session.ts';
import type { TargetDatabase } from '../targets/target-database.ts';

/**
 * A connection that was asked for before it is needed: a server takes milliseconds to let somebody in, one far away many,
 * and meanwhile the entities are read. Closed at the end unless it was taken.
 */
export class EarlyConnection implements AsyncDisposable {
  readonly #database: TargetDatabase;
  readonly #session: Promise<Session | undefined>;
  #isTaken = false;

  private constructor(database: TargetDatabase) {
    this.#database = database;
    this.#session = database.connectIfThere();
    // Whoever takes it hears of the failure; until then it is nobody's.
    this.#session.catch(() => undefined);
  }

  static async begin(database: TargetDatabase): Promise<EarlyConnection> {
    const connection = new EarlyConnection(database);
    // Reading entities takes the event loop for itself, so the request has to have left before.
    await setImmediate();
    return connection;
  }

  /**
   * The session, which the caller closes; undefined where the database is not there.
   * @throws TARGET_UNREACHABLE, AUTH_FAILED
   */
  async take(): Promise<Session | undefined> {
    this.#isTaken = true;
    return this.#session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isTaken) return;
    const session = await this.#session.catch(() => undefined);
    if (session) await this.#database.disconnect(session);
  }
}
