import { isUtf8 } from 'node:buffer';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { JsonRecord } from './json-record.ts';
import { IncompleteJson, skipSpace } from './json-value.ts';
import { longestRecordBytes, type RecordScanner, type RecordSink, type UnreadableReason } from './record-sink.ts';

const newline = 0x0a;

/** Finds the records of a file of JSON lines: one object a line. Each line stands alone, so a bad one costs itself. */
export class JsonLinesScanner implements RecordScanner {
  readonly #sink: RecordSink;
  readonly #record: JsonRecord;
  #line = 1;
  #isSkipping = false;

  /** @param record is filled before the sink is told of a record */
  constructor(sink: RecordSink, record: JsonRecord) {
    this.#sink = sink;
    this.#record = record;
  }

  scan(block: Buffer, isLast: boolean): number {
    const isText = isUtf8(block);
    for (let from = 0; from < block.length;) {
      const found = block.indexOf(newline, from);
      if (found === -1 && !isLast && !this.#isSkipping && block.length - from <= longestRecordBytes) return from;
      const end = found === -1 ? block.length : found;
      if (this.#isSkipping) this.#isSkipping = found === -1;
      else if (found === -1 && !isLast) {
        this.#sink.unreadable(block, from, end, this.#line, 'too long');
        this.#isSkipping = true;
      } else this.#take(block, from, end, isText);
      if (found !== -1) this.#line++;
      from = end + 1;
    }
    return block.length;
  }

  #take(block: Buffer, from: number, end: number, isText: boolean): void {
    const start = skipSpace(block, from, end);
    if (start === end) return;
    const isReadable = isText || isUtf8(block.subarray(start, end));
    const reason = isReadable ? this.#problem(block, start, end) : 'not UTF-8';
    if (reason === undefined) this.#sink.record(block, start, end, this.#line);
    else this.#sink.unreadable(block, start, end, this.#line, reason);
  }

  #problem(block: Buffer, start: number, end: number): UnreadableReason | undefined {
    if (end - start > longestRecordBytes) return 'too long';
    try {
      const behind = this.#record.read(block, start, end);
      if (behind === -2) return 'key twice';
      return behind > 0 && skipSpace(block, behind, end) === end ? undefined : 'no JSON object';
    } catch (error) {
      if (error instanceof IncompleteJson) return 'no JSON object';
      throw error;
    }
  }
}

/**
 * Finds the records of a file that is one JSON array of objects. What is broken in there has no end that one could go on
 * behind, so it ends the reading.
 */
export class JsonArrayScanner implements RecordScanner {
  readonly #sink: RecordSink;
  readonly #record: JsonRecord;
  readonly #path: string;
  #line = 1;
  #state: 'before' | 'first' | 'value' | 'separator' | 'after' = 'before';

  /** @param path of the file, for messages */
  constructor(sink: RecordSink, record: JsonRecord, path: string) {
    this.#sink = sink;
    this.#record = record;
    this.#path = path;
  }

  scan(block: Buffer, isLast: boolean): number {
    let from = 0;
    if (!isUtf8(isLast ? block : wholeCharacters(block))) throw this.#broken('is not UTF-8');
    for (;;) {
      const at = skipSpace(block, from, block.length);
      this.#countLines(block, from, at);
      from = at;
      if (at === block.length) {
        if (isLast && this.#state !== 'after') throw this.#broken('ends inside of its array');
        return at;
      }
      const byte = block[at];
      if (this.#state === 'before' && byte === 0x5b) this.#state = 'first';
      else if (this.#state === 'separator' && byte === 0x2c) this.#state = 'value';
      else if ((this.#state === 'separator' || this.#state === 'first') && byte === 0x5d) this.#state = 'after';
      else if (this.#state === 'first' || this.#state === 'value') {
        const end = this.#take(block, at, isLast);
        if (end === undefined) return at;
        this.#countLines(block, at, end);
        from = end;
        this.#state = 'separator';
        continue;
      } else throw this.#broken('is not an array of objects');
      from = at + 1;
    }
  }

  #take(block: Buffer, at: number, isLast: boolean): number | undefined {
    try {
      const end = this.#record.read(block, at, block.length);
      if (end === -1) throw this.#broken('is not an array of objects');
      if (end === -2) throw this.#broken('has an object with a key twice');
      if (end - at > longestRecordBytes) throw this.#broken('has an object that is too long');
      this.#sink.record(block, at, end, this.#line);
      return end;
    } catch (error) {
      if (!(error instanceof IncompleteJson)) throw error;
      if (isLast) throw this.#broken('ends inside of its array');
      if (block.length - at > longestRecordBytes) throw this.#broken('has an object that is too long');
      return undefined;
    }
  }

  #countLines(block: Buffer, from: number, to: number): void {
    for (let at = block.indexOf(newline, from); at !== -1 && at < to; at = block.indexOf(newline, at + 1)) this.#line++;
  }

  #broken(what: string): DatakitError {
    return new DatakitError({
      code: 'SOURCE_UNREADABLE',
      message: `The file ${this.#path} ${what}, at line ${this.#line}.`,
      hint: 'Mend the file, or have it written as one object a line (.ndjson), where a bad line costs only itself.',
      details: { file: this.#path, line: this.#line },
    });
  }
}

/** A block may end inside of a character. */
function wholeCharacters(block: Buffer): Buffer {
  let end = block.length;
  for (let back = 1; back <= 3 && back <= block.length; back++) {
    const byte = block[block.length - back] as number;
    if (byte >= 0xc0) {
      end = block.length - back;
      break;
    }
    if (byte < 0x80) break;
  }
  return block.subarray(0, end);
}
