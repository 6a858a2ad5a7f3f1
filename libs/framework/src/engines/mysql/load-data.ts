import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { ResultSetHeader } from 'mysql2/promise';
import type { ConstantColumn, WireColumn } from '../../model/wire-format.ts';
import type { CopyInRequest } from '../copy-in.ts';
import type { MysqlSession } from './connect.ts';
import { instantText } from './instant-text.ts';
import { keptCondition } from './lossy-values.ts';
import { quote, quoteLiteral, quoteTable } from './quote.ts';
import { rawControlCharacters } from './raw-control-characters.ts';
import { badRowsOfWarnings } from './row-errors.ts';

/**
 * Streams `text-rows` into a table. With LOCAL the server turns every error about a value or a key into a warning and
 * goes on, so one warning is enough to refuse the load.
 *
 * @throws BAD_ROWS
 */
export async function loadData(session: MysqlSession, request: CopyInRequest, rows: Readable): Promise<number> {
  const { connection } = session;
  const { stream: socket } = (connection as unknown as { connection: { stream: Socket } }).connection;
  const [result] = await connection.query<ResultSetHeader>({
    sql: loadStatement(request),
    infileStreamFactory: () => Readable.from(paced(rawControlCharacters(rows), socket), { objectMode: false }),
  });
  if (result.warningStatus > 0) throw await badRowsOfWarnings(connection, request);
  return result.affectedRows;
}

/** The whole statement; the name of the file means nothing. */
export function loadStatement({ table, columns, constants }: CopyInRequest): string {
  const targets = columns.map((column, index) => (conversion(column, '') ? `@v${index}` : quote(column.name)));
  const settings = [
    ...columns.flatMap((column, index) => {
      const converted = conversion(column, `@v${index}`);
      return converted ? [`${quote(column.name)} = ${converted}`] : [];
    }),
    ...constants.map((constant) => `${quote(constant.name)} = ${constantLiteral(constant)}`),
  ];
  return (
    `load data local infile 'datakit' into table ${quoteTable(table)} character set utf8mb4 ` +
    `fields terminated by '\\t' enclosed by '' escaped by '\\\\' lines terminated by '\\n' (${targets.join(', ')})` +
    (settings.length === 0 ? '' : ` set ${settings.join(', ')}`)
  );
}

function conversion(column: WireColumn, value: string): string | undefined {
  const converted = inColumn(column, value);
  const isKept = column.lossy ? keptCondition(column.type, value) : undefined;
  return isKept === undefined ? converted : `if(${isKept}, ${converted ?? value}, null)`;
}

function inColumn({ type }: WireColumn, value: string): string | undefined {
  switch (type.kind) {
    case 'timestamptz':
      return `trim(trailing 'Z' from ${value})`;
    case 'bytea':
      return `unhex(${value})`;
    default:
      return undefined;
  }
}

/** A constant in its column's form. */
export function constantLiteral({ type, value }: ConstantColumn): string {
  return quoteLiteral(type.kind === 'timestamptz' ? instantText(value) : value);
}

/**
 * The driver writes whatever comes, as fast as it comes: without a pause for the socket a slow server would fill our
 * memory with the table. An empty chunk would be the end of the file.
 */
async function* paced(chunks: AsyncIterable<Buffer>, socket: Socket): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    if (chunk.length > 0) yield chunk;
    if (socket.writableNeedDrain && !socket.destroyed) await drained(socket);
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}
