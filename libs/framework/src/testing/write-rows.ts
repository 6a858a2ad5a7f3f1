import { Readable } from 'node:stream';
import type { Engine } from '../engines/engine.ts';
import { physicalName } from '../engines/physical-name.ts';
import type { Session } from '../engines/session.ts';
import type { ColumnType } from '../model/column-type.ts';
import type { CompleteTable } from './complete-rows.ts';

/** Rows in one chunk of the stream. */
const rowsPerChunk = 500;

type RowText = 'text-rows' | 'postgres-text';

/** Writes rows the way that loads are written, so that many of them take no longer than a load. */
export async function writeRows(
  { shape, columns, rows }: CompleteTable,
  engine: Engine,
  session: Session,
): Promise<void> {
  if (rows.length === 0) return;
  const format: RowText = engine.copyIn.formats.includes('text-rows') ? 'text-rows' : 'postgres-text';
  function* chunks(): Generator<Buffer> {
    for (let from = 0; from < rows.length; from += rowsPerChunk) {
      const lines = rows
        .slice(from, from + rowsPerChunk)
        .map((row) => `${columns.map(({ name, type }) => field(row[name], type, format)).join('\t')}\n`);
      yield Buffer.from(lines.join(''));
    }
  }
  const table = physicalName(shape.owner, shape.name, engine);
  await engine.copyIn.write(session, { table, columns, constants: [], format }, Readable.from(chunks()));
}

function field(value: unknown, type: ColumnType, format: RowText): string {
  if (value === null || value === undefined) return '\\N';
  return textOf(value, type, format)
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}

function textOf(value: unknown, type: ColumnType, format: RowText): string {
  if (value instanceof Uint8Array)
    return `${format === 'postgres-text' ? '\\x' : ''}${Buffer.from(value).toString('hex')}`;
  switch (type.kind) {
    case 'boolean':
      return value === true || value === 1 ? '1' : '0';
    case 'timestamptz':
    case 'timestamp':
      return instant(value as string | Date, type.kind);
    case 'json':
    case 'jsonb':
      return JSON.stringify(value);
    case 'array':
      return format === 'text-rows' ? JSON.stringify(value) : postgresArray(value as readonly unknown[]);
    default:
      return String(value);
  }
}

/** Six digits, as all engines keep them; what is no ISO 8601 is left to the engine. */
function instant(value: string | Date, kind: 'timestamp' | 'timestamptz'): string {
  const text = value instanceof Date ? value.toISOString() : value;
  const [, start, digits = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z?$/.exec(text) ?? [];
  return start === undefined ? text : `${start}.${digits.padEnd(6, '0')}${kind === 'timestamptz' ? 'Z' : ''}`;
}

function postgresArray(values: readonly unknown[]): string {
  const items = values.map((value) =>
    Array.isArray(value) ? postgresArray(value) : value === null ? 'NULL' : JSON.stringify(String(value)),
  );
  return `{${items.join(',')}}`;
}
