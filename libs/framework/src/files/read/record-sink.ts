/** More than any cell should hold; DuckDB takes a buffer of the longest record's size. */
export const longestRecordBytes = 32 * 1024 * 1024;

/** Why a record of a file could not be read. */
export type UnreadableReason =
  | 'field count'
  | 'quotes'
  | 'quote never closed'
  | 'carriage return'
  | 'no line end'
  | 'too long'
  | 'not UTF-8'
  | 'no JSON object'
  | 'key twice';

/** What a scanner of records tells. Positions are those of the block it was given. */
export interface RecordSink {
  /** A whole, well-formed record, without its line end. @param line physical line on which it begins, from 1 */
  record(block: Buffer, start: number, end: number, line: number): void;
  /** A record that cannot be read. @param column its field, by position, where that is known */
  unreadable(block: Buffer, start: number, end: number, line: number, reason: UnreadableReason, column?: number): void;
}

/** Finds the records of a file in blocks of its bytes. */
export interface RecordScanner {
  /**
   * Goes through a block as far as there are whole records.
   * @param isLast nothing comes after it
   * @returns bytes that are done with; the rest must begin the next block
   */
  scan(block: Buffer, isLast: boolean): number;
}
