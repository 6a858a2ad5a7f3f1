import { constants, mkdirSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectOptions } from '../engine.ts';
import { describePlace, type Place } from '../place.ts';
import { executeInTurn } from '../execute-in-turn.ts';
import type { Row, Session } from '../session.ts';
import { addRegularExpressions } from './regular-expressions.ts';
import { isBusy, serverError } from './server-error.ts';

type SqlitePlace = Extract<Place, { engine: 'sqlite' }>;

/** A SQLite connection; `database` is for prepared bulk inserts. */
export interface SqliteSession extends Session {
  readonly database: DatabaseSync;
}

/**
 * Opens a file or a database in memory.
 * @throws TARGET_UNREACHABLE when the file cannot be opened or is no database
 */
export async function connect(place: SqlitePlace, options: ConnectOptions = {}): Promise<SqliteSession> {
  const doing = `open ${describePlace(place)}`;
  try {
    const database = options.readOnly ? await openToRead(place.file) : await openToWrite(place.file);
    // Short, because node:sqlite waits without letting anything else run; whoever needs longer polls.
    database.exec('pragma busy_timeout = 250; pragma cache_size = -64000; pragma temp_store = memory');
    addRegularExpressions(database);
    if (place.file !== ':memory:' && !options.readOnly) await useWriteAheadLog(database);
    return new SqliteConnection(database, describePlace(place));
  } catch (error) {
    throw serverError(error, doing);
  }
}

async function openToWrite(file: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite');
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  return new DatabaseSync(file);
}

/**
 * A connection that SQLite itself opened read-only makes the files of the write-ahead log and cannot remove them,
 * so looking would leave two files behind. One that may write and refuses to is clean; only where the file may not be
 * written at all is there no other way.
 */
async function openToRead(file: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite');
  const mayWrite = await access(file, constants.W_OK).then(
    () => true,
    () => false,
  );
  const database = new DatabaseSync(file, { readOnly: !mayWrite });
  database.exec('pragma query_only = on');
  return database;
}

/** In WAL mode readers see the last commit while a load writes; the switch itself needs the file for a moment alone. */
async function useWriteAheadLog(database: DatabaseSync): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      database.exec('pragma journal_mode = wal; pragma synchronous = full');
      return;
    } catch (error) {
      if (!isBusy(error) || attempt === 40) throw error;
      await sleep(50 + Math.random() * 100);
    }
  }
}

class SqliteConnection implements SqliteSession {
  readonly database: DatabaseSync;
  readonly #place: string;

  constructor(database: DatabaseSync, place: string) {
    this.database = database;
    this.#place = place;
  }

  async query<Result extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<Result[]> {
    return this.#run(() => this.database.prepare(sql).all(...toInputs(parameters)) as Result[]);
  }

  async execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    return this.#run(() => Number(this.database.prepare(sql).run(...toInputs(parameters)).changes));
  }

  executeAll(statements: readonly string[]): Promise<void> {
    return executeInTurn(this, statements);
  }

  #run<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw serverError(error, `run a statement on ${this.#place}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.database.isOpen) this.database.close();
  }
}

function toInputs(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => (typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)));
}
