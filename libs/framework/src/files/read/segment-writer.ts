import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { DuckDb } from '../duckdb.ts';
import { duckDbError } from '../duckdb-error.ts';
import { ByteWriter } from './byte-writer.ts';

const segmentBytes = 16 * 1024 * 1024;

/** DuckDB's reader needs a buffer of the longest line, and 16 times as much unless it is told a size. */
const leastBufferBytes = 2 * 1024 * 1024;

/** Makes the statement that reads one segment. @param bufferBytes enough for its longest line */
export type InsertSegment = (segment: string, bufferBytes: number) => string;

let madeSegments = 0;

/**
 * Puts lines of csv into a table of DuckDB, in segments: DuckDB reads one while the next is put together, and memory and
 * disk do not grow with the file. The lines are known to be well-formed.
 */
export class SegmentWriter {
  readonly lines = new ByteWriter(64 * 1024);
  readonly #duckdb: DuckDb;
  readonly #insert: InsertSegment;
  #lineStart = 0;
  #longestLine = 0;
  #inserting: Promise<void> = Promise.resolve();

  constructor(duckdb: DuckDb, insert: InsertSegment) {
    this.#duckdb = duckdb;
    this.#insert = insert;
  }

  /** Ends a line that was put into `lines`. */
  endLine(): void {
    this.lines.byte(0x0a);
    this.#longestLine = Math.max(this.#longestLine, this.lines.length - this.#lineStart);
    this.#lineStart = this.lines.length;
  }

  /** Forgets the line that was begun. */
  dropLine(): void {
    this.lines.length = this.#lineStart;
  }

  /** Hands the lines over once there are enough of them. */
  async handOver(): Promise<void> {
    if (this.lines.length >= segmentBytes) await this.#start();
  }

  /** Hands over what is left, and waits until all of it is in the table. */
  async finish(): Promise<void> {
    if (this.lines.length > 0) await this.#start();
    await this.#inserting;
  }

  /** Waits for the segment that is being read, whatever becomes of it. */
  async abandon(): Promise<void> {
    await this.#inserting.catch(() => undefined);
  }

  async #start(): Promise<void> {
    // One at a time: each that waits would hold its bytes on the disk and DuckDB's buffers.
    await this.#inserting;
    const path = join(this.#duckdb.temporaryFolder, `.segment-${process.pid}-${madeSegments++}.csv`);
    const buffer = Math.max(leastBufferBytes, this.#longestLine + 1024);
    try {
      await writeFile(path, this.lines.bytes, { mode: 0o600 });
    } catch (cause) {
      await rm(path, { force: true });
      throw unwritable(cause);
    }
    this.lines.length = this.#lineStart = this.#longestLine = 0;
    this.#inserting = this.#read(path, buffer);
    // A failure is thrown where it is awaited; until then it must not count as unhandled.
    this.#inserting.catch(() => undefined);
  }

  async #read(path: string, buffer: number): Promise<void> {
    try {
      await this.#duckdb.connection.run(this.#insert(path, buffer));
    } catch (error) {
      throw duckDbError(error, 'read the files of the source');
    } finally {
      await rm(path, { force: true });
    }
  }
}

/** What an error of writing into the folder for temporary files means. */
export function unwritable(cause: unknown): DatakitError {
  const isFull = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
  return new DatakitError({
    code: isFull ? 'DISK_FULL' : 'OUTPUT_UNWRITABLE',
    message: `Could not read the files of the source: the folder for temporary files ${isFull ? 'is full' : 'cannot be written'}.`,
    hint: 'Free space, or give another folder with --out.',
    cause,
  });
}
