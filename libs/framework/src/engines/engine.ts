import type { ColumnType } from '../model/column-type.ts';
import type { CopyIn } from './copy-in.ts';
import type { DifferenceLoad } from './difference.ts';
import type { Obstacle } from './obstacle.ts';
import type { MaintainedTable } from './maintained-table.ts';
import type { Place } from './place.ts';
import type { QueryDialect } from './query-dialect.ts';
import type { Session } from './session.ts';
import type { StatementCost, TableClaim } from './statement-cost.ts';
import type { Grant, StructureChange, TablePart } from './structure-change.ts';
import type { LiveView, TableName, TableStructure, TriggerStructure } from './table-structure.ts';
import type { ValueConditions } from './value-conditions.ts';

/**
 * Everything that differs between databases. Each engine is one folder with the same file names in it;
 * nothing outside of `engines/` asks which one it has, only what it can do.
 */
export interface Engine {
  readonly name: string;
  /** A datakit's schema is a schema; elsewhere it is a prefix of the table names. */
  readonly supportsSchemas: boolean;
  /** Columns can number their rows by a declared identity. */
  readonly supportsIdentity: boolean;
  /** When the last session ends, the engine itself writes back and removes its log, which takes as long as a small deployment. */
  readonly tidiesUpAfterLastSession: boolean;
  /** Several sessions can write at the same time. */
  readonly supportsConcurrentWriters: boolean;
  /** `createDatabase` can copy a template that it keeps. */
  readonly keepsTemplates?: boolean;
  /** A deployment that fails or is killed leaves nothing; elsewhere every statement commits by itself. */
  readonly supportsTransactionalDdl: boolean;
  readonly copyIn: CopyIn;
  /** How conditions on stored values are written. */
  readonly valueConditions: ValueConditions;
  readonly difference: DifferenceLoad;
  /** How queries are written. */
  readonly queryDialect: QueryDialect;

  /** Asks the server which engine is its own, where several speak one protocol. @throws TARGET_UNREACHABLE, AUTH_FAILED */
  askServer?(place: Place): Promise<Place['engine']>;

  /** @param options `readOnly`: the server refuses every change, so that looking changes nothing */
  connect(place: Place, options?: ConnectOptions): Promise<Session>;
  /** Opens one session; undefined where the database does not exist, which stays so. @throws TARGET_UNREACHABLE, AUTH_FAILED */
  connectIfThere(place: Place, options?: ConnectOptions): Promise<Session | undefined>;
  /** Tells whether the database exists, without creating it. */
  databaseExists(place: Place): Promise<boolean>;
  /**
   * Creates a missing database. A run that is killed meanwhile leaves none under that name, or one that says whose it is.
   * @returns false when it was there, also when another run was faster
   */
  createDatabase(place: Place, making?: Making): Promise<boolean>;
  /** The run that made the database of a session, where the server itself keeps that, so that no kill can come between. */
  creatorOf?(session: Session): Promise<string | undefined>;
  dropDatabase(place: Place): Promise<void>;
  /** What killed runs and the passing of time leave on a server. */
  readonly upkeep: Upkeep;

  /** Drops those of the tables that are there, whatever refers to them. */
  dropTables(session: Session, tables: readonly TableName[]): Promise<void>;
  /** Drops those of the views that are there. */
  dropViews(session: Session, views: readonly TableName[]): Promise<void>;
  quote(identifier: string): string;
  quoteTable(table: TableName): string;
  /** @throws IDENTIFIER for a name that this engine would cut or cannot hold */
  checkIdentifier(identifier: string, what: string): void;

  /** The type of a column as this engine's catalogue names it. @throws TYPE_UNSUPPORTED */
  columnType(type: ColumnType): string;
  /** What a column of a type of its catalogue can hold, in the common vocabulary. */
  portableType(type: string): ColumnType;
  /** A default as this engine's catalogue would show it, so that both sides compare as text. */
  columnDefault(expression: string, type: ColumnType): string;
  /** The engine's access method for an index; undefined where it has no such index, which is then left out. */
  indexMethod(method: string | undefined): string | undefined;
  /** The longest name that the engine keeps whole, in bytes of UTF-8. */
  readonly identifierBytes: number;

  /** Fits the types of a table to its keys and to each other, where the engine bounds more than a column alone. */
  shapeTable(table: TableStructure): TableStructure;
  /** The triggers that keep what the database itself keeps of a table; as `readTables` finds them once they are made. */
  triggersFor(table: MaintainedTable): TriggerStructure[];
  /** Triggers also run for rows that a foreign key changes or deletes; elsewhere a history would not see those. */
  readonly cascadesFireTriggers: boolean;
  /** An instant, given as ISO 8601 in UTC, as a value to bind. */
  instant(iso8601: string): string;

  /** Reads those of the named tables that exist. Changes nothing and takes no lock that a reader would not. */
  readTables(session: Session, tables: readonly TableName[]): Promise<TableStructure[]>;
  /** Reads those of the named views that exist. */
  readViews(session: Session, views: readonly TableName[]): Promise<LiveView[]>;
  /** The server knows roles that can be given the right to read. */
  readonly supportsGrants: boolean;
  /** Those of the grants that the server holds. */
  heldGrants(session: Session, grants: readonly Grant[]): Promise<Grant[]>;
  /** Those of the roles that the server does not have. */
  missingRoles(session: Session, roles: readonly string[]): Promise<string[]>;
  /** The statements that make one change. Reads the catalogue where a table must be rebuilt, and changes nothing. */
  statementsFor(session: Session, change: StructureChange): Promise<EngineStatement[]>;
  /**
   * What one of these statements costs those who use the table; undefined where nobody can use it yet.
   * @param part the part that the statement does; absent where it does all of them
   */
  costOf(change: StructureChange, part?: TablePart): StatementCost | undefined;
  /** True where a foreign key points to the table: then not even a transaction may delete all rows to bring them back. */
  isReferenced(session: Session, table: TableName): Promise<boolean>;
  /** About how many rows tables have, by `schema.name` or name; those of which the catalogue does not know are absent. */
  estimateRows(session: Session, tables: readonly TableName[]): Promise<ReadonlyMap<string, number>>;

  /**
   * What has to make way for the changes, in the order in which it can be made again. Reads the catalogue only.
   * @throws DESTRUCTIVE where something would be lost that the changes do not name
   */
  obstacles(session: Session, changes: readonly StructureChange[]): Promise<Obstacle[]>;

  /**
   * Takes tables that are in use for the rest of the transaction, all of them within one time, so that their readers
   * wait no longer than that. Where statements commit by themselves, each takes its own table.
   *
   * @throws LOCKED when others use one of them for longer
   */
  claimTables(session: Session, claims: readonly TableClaim[], timeoutMs: number): Promise<void>;
  /** Who uses one of the tables at this moment, for people; undefined where the server does not tell. */
  usersOf(session: Session, tables: readonly TableName[]): Promise<string | undefined>;

  /**
   * Runs work in one transaction that holds the named locks; all of it or nothing.
   * A lock dies with its session, so a killed run leaves nothing to clean up.
   *
   * @throws LOCKED when another session holds a lock for longer than `timeoutSeconds`
   */
  transaction<Result>(session: Session, options: TransactionOptions, work: () => Promise<Result>): Promise<Result>;
}

/** Finding and dropping databases that we made and nobody needs any more. */
export interface Upkeep {
  /** The databases of the same server, or files of the same folder, with our sign; what they are is in their markers. */
  madeDatabases(place: Place): Promise<readonly Place[]>;
  /** Drops a database unless a session is in it. @returns false where one is */
  dropUnused(place: Place): Promise<boolean>;
  /** Drops what killed runs left unfinished there, and what was kept to be faster. @returns the names of what was dropped */
  dropLeftovers(place: Place): Promise<readonly Leftover[]>;
}

/** Something of ours that nobody can find by the name of a database. */
export interface Leftover {
  readonly kind: 'unfinished database' | 'template' | 'side file';
  readonly name: string;
}

/** What a new database gets before anybody else can find it, where the engine can do that. */
export interface Making {
  readonly runId: string;
  /** Writes into the new database what it is. */
  fill(session: Session): Promise<void>;
  /** What to copy the database from instead, on engines that keep templates; asked where it is missing only. */
  template?(): Promise<Template>;
}

/** A database that is kept to be copied, because a copy is faster than making another. */
export interface Template {
  /** The same for databases that would become the same. */
  readonly key: string;
  /** Makes an empty database the template; where there is none of that key yet. */
  build(session: Session): Promise<void>;
  /** Makes a copy a database of its own. */
  adopt(session: Session): Promise<void>;
}

/** How a session may be used. */
export interface ConnectOptions {
  readonly readOnly?: boolean;
}

/** How a transaction is held. */
export interface TransactionOptions {
  readonly locks: readonly Lock[];
  readonly timeoutSeconds: number;
  /** The work changes tables, not rows; some engines prepare for that before the transaction begins. */
  readonly structural?: boolean;
}

/** One statement of a plan. */
export interface EngineStatement {
  readonly sql: string;
  /** The part of an alteration that it does; absent where it does all of them, in a rebuild. */
  readonly part?: TablePart;
  /** Runs before all others: a foreign key that goes must not be in the way of other tables' changes. */
  readonly first?: boolean;
  /** Runs after the tables of the whole plan are there: foreign keys may point in circles. */
  readonly last?: boolean;
  /**
   * How the same is done by a statement that runs in no transaction and keeps nobody waiting, where that is worth it.
   * What a kill leaves of it is found as invalid.
   */
  readonly standalone?: { readonly sql: string; readonly cost: StatementCost } | undefined;
}

/** A right to change something; shared holders keep exclusive ones out. */
export interface Lock {
  /** What is locked: `datakit:bronze_pagila`, `table:bronze_pagila.film`. */
  readonly key: string;
  readonly shared: boolean;
}
