import type { TableName } from './table-structure.ts';

/** What one statement costs those who use its table meanwhile. */
export interface StatementCost {
  /** Writes every row anew, reads every row, or only changes the catalogue. */
  readonly work: 'rewrites' | 'reads' | 'none';
  /** What others wait with until it is done. */
  readonly blocks: 'nothing' | 'writes' | 'reads and writes';
  /** What it takes, in the server's own words: `access exclusive`. */
  readonly lock: string;
  /** Tables beside its own that are locked, too: those that a relation leads to. */
  readonly alsoLocks?: readonly TableName[];
}

/** A table in use that a plan needs, with what others wait with meanwhile. */
export interface TableClaim {
  readonly table: TableName;
  readonly blocks: StatementCost['blocks'];
}
