import type { ResolvedTarget } from '@datakit/framework';

/** One value as it lies somewhere, in the words of the program that belongs there. */
export interface StoredValue {
  /** The type that holds it. */
  readonly storedAs: string;
  /** Undefined for null. */
  readonly text: string | undefined;
}

/** A table that was loaded: its name, the source's type of its column `value`, and the files of its load. */
export interface LoadedTable {
  readonly name: string;
  readonly type: string;
  readonly files: readonly string[];
}

/** The values of tables by their ids. */
export type StoredTables = ReadonlyMap<string, ReadonlyMap<number, StoredValue>>;

/** A target or a file format: somewhere that values can go to. */
export interface Place {
  readonly name: string;
  readonly target: ResolvedTarget;
  readonly format: 'table' | 'parquet' | 'json';
  /** Reads tables of the schema `types`, without going through our own code. */
  read(tables: readonly LoadedTable[]): Promise<StoredTables>;
  /** A stored text in the form in which PostgreSQL writes the same value; where it differs. */
  canonical(type: string, stored: StoredValue): string;
}
