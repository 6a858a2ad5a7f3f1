import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Writes a stream of JSON lines, as the source sent them, to one file. @returns its name */
export async function writeJsonLines(folder: string, rows: Readable): Promise<string> {
  const name = 'part-00000.ndjson';
  await pipeline(rows, createWriteStream(join(folder, name)));
  return name;
}
