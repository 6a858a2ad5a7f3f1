import { describePlace, type Place } from '../engines/place.ts';
import type { ConnectOptions, Engine, Making } from '../engines/engine.ts';
import { engineAt } from '../engines/engine-registry.ts';
import type { Session } from '../engines/session.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { openPlace, type OpenedPlace, type OpenOptions } from './open-place.ts';
import type { ResolvedTarget } from './resolve-target.ts';

/**
 * An opened target: its engine, and the way to its database. Opening creates nothing; `create()` does.
 * Closing it ends its sessions and gives back the server that we started for it.
 */
export class TargetDatabase implements AsyncDisposable {
  readonly name: string;
  readonly engine: Engine;
  readonly place: Place;
  readonly inMemory: boolean;
  /** The target's definition says so; what the database itself says is in its marker. */
  readonly protected: boolean;
  /** We started the server: nobody else relies on it. */
  readonly isOurServer: boolean;
  /** The server is a container of ours: it ends with the commands that use it, and its data with it. */
  readonly endsWithItsUsers: boolean;
  /** How long a database that we made stays after the last deployment. */
  readonly timeToLive: string | undefined;
  readonly #sessions: Session[] = [];
  #stop: AbortSignal | undefined;
  readonly #release: () => Promise<void>;

  private constructor(target: ResolvedTarget, engine: Engine, { place, isOurServer, release }: OpenedPlace) {
    this.name = target.name;
    this.inMemory = target.inMemory;
    this.protected = target.protected ?? false;
    this.timeToLive = target.timeToLive;
    this.engine = engine;
    this.place = place;
    this.isOurServer = isOurServer;
    this.endsWithItsUsers = isOurServer && target.where.kind === 'container';
    this.#release = release;
  }

  /**
   * Loads the engine and starts the server where it is one of ours.
   * @throws SERVER_FAILED, CONTAINER_FAILED, TARGET_UNREACHABLE, AUTH_FAILED
   */
  static async open(target: ResolvedTarget, options: OpenOptions = {}): Promise<TargetDatabase> {
    const opened = await openPlace(target, options);
    try {
      const engine = await engineAt(opened.place);
      return new TargetDatabase(target, engine, {
        ...opened,
        place: { ...opened.place, engine: engine.name } as Place,
      });
    } catch (error) {
      await opened.release();
      throw error;
    }
  }

  /** Where it is, for people. */
  get description(): string {
    return `${this.name} (${describePlace(this.place)})`;
  }

  async exists(): Promise<boolean> {
    return this.inMemory ? this.#sessions.length > 0 : this.engine.databaseExists(this.place);
  }

  /**
   * Creates the database where it is missing, unless the target is protected.
   * @returns true when this call created it
   * @throws TARGET_UNREACHABLE where a protected one is missing
   */
  async create(making?: Making): Promise<boolean> {
    if (this.inMemory || this.protected) {
      if (await this.exists()) return false;
      if (this.protected) throw this.missing();
    }
    return this.engine.createDatabase(this.place, making);
  }

  /** What to tell where the database of a protected target is not there: it is never ours to create. */
  missing(): DatakitError {
    return new DatakitError({
      code: 'TARGET_UNREACHABLE',
      message: `There is no database at ${this.description}, and that of a protected target is never created by us.`,
      hint: 'Look whether the address and the name of the database are right. If they are, create the database by hand.',
    });
  }

  /** Drops the database. Callers make sure that it is disposable. */
  async drop(): Promise<void> {
    await this.#closeSessions();
    await this.engine.dropDatabase(this.place);
  }

  /** Opens a session; the target closes it at its end, callers may close it earlier. In memory there is only one. */
  async connect(options: ConnectOptions = {}): Promise<Session> {
    const [only] = this.#sessions;
    if (this.inMemory && only) return only;
    if (this.#stop?.aborted) throw this.#cancelled(undefined);
    const session = await this.engine.connect(this.place, this.inMemory ? {} : options);
    this.#sessions.push(session);
    return session;
  }

  /** Opens a session as {@link connect} does; undefined where the database does not exist, which stays so. */
  async connectIfThere(options: ConnectOptions = {}): Promise<Session | undefined> {
    if (this.inMemory) return this.#sessions[0];
    if (this.#stop?.aborted) throw this.#cancelled(undefined);
    const session = await this.engine.connectIfThere(this.place, options);
    if (session) this.#sessions.push(session);
    return session;
  }

  /** Closes a session early; keeps the one of a database in memory, which would end with it. */
  async disconnect(session: Session): Promise<void> {
    if (this.inMemory) return;
    const index = this.#sessions.indexOf(session);
    // One that stays open, idle, spares every next session what its engine does when the last one goes.
    if (this.engine.tidiesUpAfterLastSession && index >= 0 && this.#sessions.length === 1) return;
    if (index >= 0) this.#sessions.splice(index, 1);
    await session[Symbol.asyncDispose]();
  }

  /**
   * Runs work whose sessions a signal ends at once, whatever they wait for. Work in our own process is not interrupted.
   * @throws CANCELLED
   */
  async interruptedBy<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    const interrupt = (): void => this.#sessions.forEach((session) => session.interrupt?.());
    signal.addEventListener('abort', interrupt, { once: true });
    this.#stop = signal;
    try {
      return await work();
    } catch (error) {
      const isOurs = error instanceof DatakitError && error.code === 'TARGET_UNREACHABLE' && signal.aborted;
      throw isOurs ? this.#cancelled(error) : error;
    } finally {
      signal.removeEventListener('abort', interrupt);
      this.#stop = undefined;
    }
  }

  #cancelled(cause: unknown): DatakitError {
    const left = this.engine.supportsTransactionalDdl
      ? 'what was in hand was rolled back'
      : 'the next one goes on here';
    return new DatakitError({ code: 'CANCELLED', message: `The run was stopped; ${left}.`, cause });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closeSessions();
    await this.#release();
  }

  async #closeSessions(): Promise<void> {
    for (const session of this.#sessions.splice(0)) await session[Symbol.asyncDispose]();
  }
}
