import { isUtf8 } from 'node:buffer';
import type { CompleteCsvDialect } from '../../model/csv-dialect.ts';
import { longestRecordBytes, type RecordScanner, type RecordSink, type UnreadableReason } from './record-sink.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * Finds the records of a csv file byte by byte and refuses what RFC 4180 does not allow. DuckDB's own reader either
 * gives up on the first bad record or, told to be lenient, cuts values and drops fields without a word, and it tells no
 * lines; it reads only what passed here.
 *
 * After a bad record the scan goes on behind the *line* on which it began: a quote that is never closed would
 * otherwise take all lines after it along.
 */
export class CsvScanner implements RecordScanner {
  readonly #sink: RecordSink;
  readonly #delimiter: number;
  /** -1 where there are no quotes. */
  readonly #quote: number;
  readonly #lastLineEndRequired: boolean;
  #width: number | undefined;
  #line = 1;
  /** Inside of a line that is too long to be kept. */
  #isSkipping = false;

  /** @param width fields of each record; undefined to take that of the first one */
  constructor(dialect: CompleteCsvDialect, sink: RecordSink, width?: number) {
    this.#sink = sink;
    this.#delimiter = dialect.delimiter.charCodeAt(0);
    this.#quote = dialect.quote === null ? -1 : dialect.quote.charCodeAt(0);
    this.#lastLineEndRequired = dialect.lastLineEnd === 'required';
    this.#width = width;
  }

  scan(block: Buffer, isLast: boolean): number {
    const sink = this.#sink;
    let from = 0;
    if (this.#isSkipping) {
      const end = block.indexOf(newline);
      if (end === -1) return block.length;
      this.#isSkipping = false;
      this.#line++;
      from = end + 1;
    }
    // One check of the whole block is a tenth of the cost of one for each record.
    const isText = isUtf8(block);
    while (from < block.length) {
      const blank = this.#blankLineEnd(block, from);
      if (blank > 0) {
        this.#line++;
        from = blank;
        continue;
      }
      const found = this.#endOfRecord(block, from, isLast);
      if (typeof found === 'string') {
        const next = this.#skipLine(block, from, isLast, found);
        if (next === undefined) return from;
        from = next;
        continue;
      }
      if (found < 0) {
        if (block.length - from <= longestRecordBytes) return from;
        from = this.#skipLine(block, from, isLast, 'too long') ?? block.length;
        continue;
      }
      const hasEnd = found < block.length;
      const end = hasEnd && found > from && block[found - 1] === carriageReturn ? found - 1 : found;
      this.#width ??= this.#fields;
      if (this.#fields !== this.#width) sink.unreadable(block, from, end, this.#line, 'field count');
      else if (!hasEnd && this.#lastLineEndRequired) sink.unreadable(block, from, end, this.#line, 'no line end');
      else if (end - from > longestRecordBytes) sink.unreadable(block, from, end, this.#line, 'too long');
      else if (!isText && !isUtf8(block.subarray(from, end)))
        sink.unreadable(block, from, end, this.#line, 'not UTF-8', this.#badField(block, from, end));
      else sink.record(block, from, end, this.#line);
      this.#line += this.#lineEnds;
      from = found + 1;
    }
    return block.length;
  }

  /** Fields of the record that was looked at last. */
  #fields = 0;
  /** Line ends in it, its own included. */
  #lineEnds = 0;

  /** Position of the line end behind the record or of the block's end, -1 where the block ends too early, or what is wrong. */
  #endOfRecord(block: Buffer, start: number, isLast: boolean): number | UnreadableReason {
    const { length } = block;
    const delimiter = this.#delimiter;
    const quote = this.#quote;
    let at = start;
    let fields = 1;
    let lineEnds = 0;
    let isFieldStart = true;
    while (at < length) {
      const byte = block[at] as number;
      if (byte === quote) {
        if (!isFieldStart) return 'quotes';
        for (at++; ; at++) {
          if (at >= length) return isLast ? 'quote never closed' : -1;
          const inner = block[at];
          if (inner === newline) lineEnds++;
          else if (inner === quote) {
            if (at + 1 >= length && !isLast) return -1;
            if (block[at + 1] !== quote) break;
            at++;
          }
        }
        at++;
        isFieldStart = false;
        const next = block[at];
        if (at < length && next !== delimiter && next !== newline && next !== carriageReturn) return 'quotes';
        continue;
      }
      if (byte === delimiter) {
        fields++;
        isFieldStart = true;
      } else if (byte === newline) {
        this.#fields = fields;
        this.#lineEnds = lineEnds + 1;
        return at;
      } else if (byte === carriageReturn && block[at + 1] !== newline) {
        if (at + 1 < length || isLast) return 'carriage return';
        return -1;
      } else {
        isFieldStart = false;
      }
      at++;
    }
    if (!isLast) return -1;
    this.#fields = fields;
    this.#lineEnds = lineEnds;
    return length;
  }

  /** A line without anything is no record, but in a file of one column it is one that is NULL. */
  #blankLineEnd(block: Buffer, from: number): number {
    if (this.#width === 1) return 0;
    if (block[from] === newline) return from + 1;
    return block[from] === carriageReturn && block[from + 1] === newline ? from + 2 : 0;
  }

  /** @returns where the next line begins; undefined where the block ends before that */
  #skipLine(block: Buffer, from: number, isLast: boolean, reason: UnreadableReason): number | undefined {
    const found = block.indexOf(newline, from);
    if (found === -1 && !isLast && block.length - from <= longestRecordBytes) return undefined;
    const end = found === -1 ? block.length : found;
    this.#sink.unreadable(
      block,
      from,
      end > from && block[end - 1] === carriageReturn ? end - 1 : end,
      this.#line,
      reason,
    );
    if (found === -1) this.#isSkipping = !isLast;
    else this.#line++;
    return found === -1 ? block.length : found + 1;
  }

  #badField(block: Buffer, start: number, end: number): number | undefined {
    const index = splitRecord(block.subarray(start, end), this.#delimiter, this.#quote).findIndex(
      (field) => !isUtf8(field),
    );
    return index === -1 ? undefined : index;
  }
}

/** The fields of one well-formed record, quotes included; for headers and error messages, not for every row. */
export function splitRecord(record: Buffer, delimiter: number, quote: number): Buffer[] {
  const fields: Buffer[] = [];
  let isQuoted = false;
  let start = 0;
  for (let at = 0; at < record.length; at++) {
    if (record[at] === quote) isQuoted = !isQuoted;
    else if (record[at] === delimiter && !isQuoted) {
      fields.push(record.subarray(start, at));
      start = at + 1;
    }
  }
  return [...fields, record.subarray(start)];
}

/** The text of a field. */
export function unquoteField(field: Buffer, quote: string | null): string {
  const text = field.toString('utf8');
  if (quote === null || !text.startsWith(quote)) return text;
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}
