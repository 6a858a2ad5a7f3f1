import type { Session } from './session.ts';
import type { TableName } from './table-structure.ts';

/** Rows that are to be there, and what that means for a table. */
export interface DifferenceRequest {
  readonly table: TableName;
  /** The columns that the rows have; the others are the database's own. */
  readonly columns: readonly string[];
  /** By which rows are known. */
  readonly key: readonly string[];
  /** Columns that make a row another one. A row in which only others differ stays as it is, with all of them. */
  readonly compared: readonly string[];
  /** Columns that a row keeps as they were when it was inserted. */
  readonly fixed?: readonly string[];
  /** What becomes of rows that are not among the new ones. */
  readonly gone: 'delete' | 'keep' | GoneMark;
}

/** Rows that are gone stay, with the time at which that was noticed; those that come back lose it. */
export interface GoneMark {
  /** A nullable `timestamptz` that is not among the columns of the rows. */
  readonly column: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** What a table had to change. */
export interface AppliedDifference {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly marked: number;
}

/**
 * How an engine brings a table to new rows by what differs, inside the session's transaction: rows that are equal are
 * not touched, so nothing that hangs on the table takes notice of them.
 */
export interface DifferenceLoad {
  /** Makes an empty table for the new rows, that nobody else sees. */
  stage(session: Session, request: DifferenceRequest): Promise<TableName>;
  /**
   * Deletes, updates and inserts, and drops the stage. Where two of the new rows have the same key, this or the writing of
   * the stage fails.
   */
  apply(session: Session, stage: TableName, request: DifferenceRequest): Promise<AppliedDifference>;
}

/** The columns that an update writes from the stage. */
export function changedColumns({ columns, key, fixed = [] }: DifferenceRequest): string[] {
  return columns.filter((column) => !key.includes(column) && !fixed.includes(column));
}

/** Name of the stage; a session loads one table at a time. */
export const stageName = 'datakit_stage';
