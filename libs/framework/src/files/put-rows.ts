import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SourceRow } from '../model/extraction.ts';
import { duckDbLiteral, type DuckDb } from './duckdb.ts';
import { createRejects, type RawRequest, type RawRows, type RejectReason } from './raw-rows.ts';
import { jsonOfValue, textOfValue } from './value-text.ts';

const blockCharacters = 256 * 1024;
/** DuckDB takes twice the longest row as its buffer, so it is told how long that is. */
const leastBufferBytes = 1024 * 1024;

/** A row of which a value has no text. */
interface Reject {
  readonly source_row: string;
  readonly column_name: string;
  readonly reason: RejectReason;
}

/**
 * Puts rows that code gives into a table of DuckDB, as texts. They go through a file, so that memory does not grow with
 * them.
 *
 * @param onUnknown told the name of a field that is not among the columns, once each
 * @param signal ends it at once, also where the code waits for something that never comes
 */
export async function putRows(
  rows: Iterable<SourceRow> | AsyncIterable<SourceRow>,
  { columns, jsonColumns = new Set(), folder, onProgress }: Omit<RawRequest, 'schema' | 'table'>,
  { connection }: DuckDb,
  onUnknown: (field: string) => void,
  signal: AbortSignal,
): Promise<RawRows> {
  const table = 'datakit_rows';
  const names = new Map(columns.map((column, index) => [column, `c${index}`]));
  const fields = columns.map((column, index) => ({
    column,
    name: `c${index}`,
    textOf: jsonColumns.has(column) ? jsonOfValue : textOfValue,
  }));
  const longest = { bytes: leastBufferBytes };
  const file = join(folder, 'rows.ndjson');
  try {
    await pipeline(Readable.from(linesOf(rows, fields, longest, onUnknown, onProgress)), createWriteStream(file), {
      signal,
    });
    const columnsOfTable = ['line', ...names.values()];
    const types = columnsOfTable.map((name) => `${name} ${name === 'line' ? 'BIGINT' : 'VARCHAR'}`);
    await connection.run(`create table ${table} (${types.join(', ')})`);
    await connection.run(createRejects(rejectsTable));
    const { size } = await stat(file);
    if (size > 0) {
      const all = [...types, ...rejectFields.map((name) => `${name} VARCHAR`)].map((type) =>
        type.replace(/ (\w+)$/, `: '$1'`),
      );
      const lines = `read_json(${duckDbLiteral(file)}, format = 'newline_delimited', maximum_object_size = ${longest.bytes + 1}, columns = {${all.join(', ')}})`;
      await connection.run(
        `insert into ${table} select ${columnsOfTable.join(', ')} from ${lines} where reason is null`,
      );
      await connection.run(
        `insert into ${rejectsTable} by name select ${['line', ...rejectFields].join(', ')} from ${lines} where reason is not null`,
      );
    }
    return { table, columns: names, lineColumn: 'line', rejects: rejectsTable, bytes: size };
  } finally {
    await rm(file, { force: true });
  }
}

const rejectsTable = 'datakit_row_rejects';
const rejectFields = ['source_row', 'column_name', 'reason'];

interface Field {
  readonly column: string;
  readonly name: string;
  readonly textOf: typeof textOfValue;
}

async function* linesOf(
  rows: Iterable<SourceRow> | AsyncIterable<SourceRow>,
  fields: readonly Field[],
  longest: { bytes: number },
  onUnknown: (field: string) => void,
  onProgress: (bytes: number) => void = () => undefined,
): AsyncGenerator<string> {
  const known = new Set(fields.map(({ column }) => column));
  let block = '';
  let line = 0;
  let bytes = 0;
  for await (const row of rows) {
    line++;
    for (const field of Object.keys(row)) {
      if (known.has(field)) continue;
      known.add(field);
      onUnknown(field);
    }
    const text = `${JSON.stringify({ line, ...textsOf(row, fields) })}\n`;
    // Three bytes are the most that UTF-8 takes for a character of UTF-16.
    if (text.length * 3 > longest.bytes) longest.bytes = Math.max(longest.bytes, Buffer.byteLength(text));
    block += text;
    if (block.length < blockCharacters) continue;
    yield block;
    onProgress((bytes += block.length));
    block = '';
  }
  if (block !== '') yield block;
}

function textsOf(row: SourceRow, fields: readonly Field[]): Record<string, string> | Reject {
  const texts: Record<string, string> = {};
  for (const { column, name, textOf } of fields) {
    const text = textOf(Object.hasOwn(row, column) ? row[column] : undefined);
    if (text === null) continue;
    if (typeof text !== 'string') return { source_row: describe(row), column_name: column, reason: text.reason };
    texts[name] = text;
  }
  return texts;
}

/** A row for the quarantine; what JSON cannot hold is told by its kind. */
function describe(row: SourceRow): string {
  const texts = Object.entries(row).map(([field, value]) => {
    const text = textOfValue(value);
    return [field, text === null || typeof text === 'string' ? text : String(value)] as const;
  });
  return JSON.stringify(Object.fromEntries(texts));
}
