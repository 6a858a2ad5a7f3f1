import { afterAll, beforeAll } from '@jest/globals';
import type { PostgresAddress } from '../../settings/postgres-url.ts';
import type { Engine } from '../engine.ts';
import type { Place } from '../place.ts';
import type { Session } from '../session.ts';
import type { OddValue } from './odd-values.ts';

/** A place for the databases of one contract run. */
export interface ContractServer {
  readonly engine: Engine;
  /** A database of that name; nothing is made by asking. */
  place(database: string): Place;
  /** A PostgreSQL to copy values from. */
  readonly source: PostgresAddress;
  /** SQL that shows a stored value with its storage class, without going through a driver. */
  shown(column: string, type: string): string;
  /** A value's form here where it is not the portable one. */
  form?(type: string, portable: OddValue[1]): OddValue[1];
  /** Values keep their PostgreSQL types; elsewhere they are in their portable form. */
  readonly keepsTypes: boolean;
  stop(): Promise<void>;
}

/** A database for the tests of one `describe`, with one session in it. */
export interface ContractDatabase {
  readonly engine: Engine;
  readonly place: Place;
  readonly session: Session;
  /** Another session in the same database. */
  connect(options?: { readOnly?: boolean }): Promise<Session>;
}

/** Makes a database before the tests and drops it after them. */
export function contractDatabase(server: () => ContractServer, name: string): () => ContractDatabase {
  const open: Session[] = [];
  let database: ContractDatabase;
  beforeAll(async () => {
    const { engine } = server();
    const place = server().place(name);
    await engine.createDatabase(place);
    const connect = async (options?: { readOnly?: boolean }): Promise<Session> => {
      const session = await engine.connect(place, options);
      open.push(session);
      return session;
    };
    database = { engine, place, connect, session: await connect() };
  });
  afterAll(async () => {
    for (const session of open) await session[Symbol.asyncDispose]();
    await server()?.engine.dropDatabase(server().place(name));
  });
  return () => database;
}
