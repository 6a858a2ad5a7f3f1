import type { SourceConnector } from './source-connector.ts';

/** Table and column of that name hold one row with the text `x`. */
export const hostileName = 'we"ird `name`; -- ?';

/** Rows of the table `large`, whose texts are 100 characters long. */
export const largeRows = 200_000;

/**
 * A system to read from, with the tables `item` (id integer, the key, label text) holding three rows, `empty` like it, `large` like
 * it, one of a {@link hostileName}, and the view `seen` of the ids of `item`.
 */
export interface ContractSource {
  readonly schema: string;
  /** One for every way to connect. */
  readonly connectors: Readonly<Record<string, () => SourceConnector>>;
  /** A connector that nobody answers, and one that is refused. */
  readonly unreachable: () => SourceConnector;
  /** Absent where nobody is asked for a password. */
  readonly refused?: () => SourceConnector;
  /** The secret that no output may hold. */
  readonly secret: string;
  /** Adds a row to `item` and commits. */
  addRow(): Promise<void>;
  /** Sessions that are open in the source, beside the contract's own. */
  openSessions(): Promise<number>;
  stop(): Promise<void>;
}
