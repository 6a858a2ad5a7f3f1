import type { MysqlSession } from '../../engines/mysql/connect.ts';
import { quote } from '../../engines/mysql/quote.ts';
import { serverError } from '../../engines/mysql/server-error.ts';
import { DatakitError } from '../../errors/datakit-error.ts';
import { formatColumnType } from '../../model/column-type.ts';
import type { CursorMeasure } from '../../model/cursor-range.ts';
import { greatestStatement, rangeCondition } from '../range-sql.ts';
import { rowLine } from '../row-line.ts';
import type { MeasureRequest, ReadRequest, SourceSnapshot, SourceStream } from '../source-connector.ts';
import { asSourceError, fromSource } from '../source-error.ts';
import { cursorSql } from './cursor-sql.ts';
import { describeQuery, rowsOf } from './describe-query.ts';
import { listTables, type MysqlSourceTable } from './list-tables.ts';
import { portableValue } from './portable-value.ts';
import { streamLines } from './row-stream.ts';
import { textDialect } from './text-dialect.ts';

/** What {@link portableValue} lets a value end in that has no form. */
const outOfRange = 1690;
/** A list that holds lists or objects, on MariaDB and on MySQL. */
const nestedList = new Set([4178, 4186, 3669, 3670]);

/** One session in one transaction; whoever wants to read waits until the one before has read all. */
export class MysqlSnapshot implements SourceSnapshot {
  readonly #session: MysqlSession;
  readonly #source: string;
  readonly #onClose: () => void;
  #tail: Promise<void> = Promise.resolve();
  #isReading = false;
  #isClosed = false;

  constructor(session: MysqlSession, source: string, onClose: () => void) {
    this.#session = session;
    this.#source = source;
    this.#onClose = onClose;
  }

  async read(request: ReadRequest): Promise<SourceStream> {
    const free = await this.#turn();
    try {
      const sql = await fromSource(() => this.#statement(request));
      const failure = (error: unknown): DatakitError => this.#failure(error, request);
      const { connection } = this.#session.connection as unknown as { connection: Parameters<typeof streamLines>[0] };
      this.#isReading = true;
      const { rows, bytes, count } = streamLines(connection, sql, failure);
      const ended = new Promise<void>((resolve) => {
        rows.once('close', () => {
          // A stream that was left in the middle leaves a session behind that nobody can read from.
          if (rows.readableEnded) this.#isReading = false;
          free();
          resolve();
        });
      });
      return {
        rows,
        bytes,
        rowsSoFar: count,
        rowCount: async () => {
          await ended;
          return count();
        },
      };
    } catch (error) {
      free();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
    if (this.#isReading) this.#session.interrupt?.();
    await this.#session[Symbol.asyncDispose]();
  }

  /** Waits for the streams that were begun before. @returns what lets the next one begin */
  async #turn(): Promise<() => void> {
    const before = this.#tail;
    let free!: () => void;
    this.#tail = new Promise((resolve) => (free = resolve));
    await before;
    return free;
  }

  /** Waits for the streams that were begun before. */
  async measure(request: MeasureRequest): Promise<CursorMeasure> {
    const { range, rows } = request;
    const free = await this.#turn();
    try {
      return await fromSource(async () => {
        const catalogue = catalogueOf(await this.#describe(request), range.column);
        const cursor = cursorSql(range, catalogue);
        const from = rowsOf(request);
        const { sql } = portableValue({ name: range.column, type: range.type }, catalogue, 'text-rows');
        // As text: the driver would make numbers of numbers.
        const text = `convert(${sql} using utf8mb4)`;
        const [most] = await this.#session.query<{ greatest: string }>(
          greatestStatement(range, cursor, { from, text, rows }),
        );
        const nulls = await this.#session.query(`select 1 as one from ${from} where ${cursor.column} is null limit 1`);
        return { greatest: most?.greatest, nulls: nulls.length > 0 };
      });
    } finally {
      free();
    }
  }

  async #statement(request: ReadRequest): Promise<string> {
    const { columns, constants, format, range } = request;
    const found = await this.#describe(request);
    const values = columns.map((column) => portableValue(column, catalogueOf(found, column.from), format));
    const where = range ? ` where ${rangeCondition(range, cursorSql(range, catalogueOf(found, range.column)))}` : '';
    return `select ${rowLine(format, values, constants, textDialect)} from ${rowsOf(request)}${where}`;
  }

  async #describe({ schema, table, query }: ReadRequest | MeasureRequest): Promise<MysqlSourceTable | undefined> {
    if (query !== undefined) return await describeQuery(this.#session, { name: table, query, source: this.#source });
    const [found] = await listTables(this.#session, schema, [table]);
    return found;
  }

  #failure(error: unknown, { table, columns }: ReadRequest): DatakitError {
    if (error === undefined) return rowTooLong(table);
    const { errno, sqlMessage = '' } = error as { errno?: number; sqlMessage?: string };
    const isNested = nestedList.has(errno ?? 0);
    if (errno !== outOfRange && !isNested)
      return asSourceError(serverError(error, `read ${table} from ${this.#source}`));
    // The text shows the expression with its column, and no value.
    const lists = columns.filter(({ type }) => type.kind === 'array');
    const column = isNested
      ? lists.find(() => lists.length === 1)
      : columns.find(({ from }) => sqlMessage.includes(quote(from)));
    const where = column ? ` in column ${column.from} (${formatColumnType(column.type)})` : '';
    return new DatakitError({
      code: 'BAD_ROWS',
      message: `The source cannot send every row of ${table}: a value that is none of its declared type${where}; nothing was loaded.`,
      hint: 'Declare a type that holds every value, or filter such rows in the source. docs/types.md tells how each type is read.',
      details: { table, column: column?.from },
      cause: error,
    });
  }
}

function catalogueOf(
  table: MysqlSourceTable | undefined,
  name: string,
): MysqlSourceTable['columns'][number]['catalogue'] {
  const column = table?.columns.find((each) => each.name === name);
  if (column) return column.catalogue;
  throw new DatakitError({
    code: 'SOURCE_FAILED',
    message: `The source has no column ${name}${table ? ` in ${table.name}` : ''} any more.`,
    hint: 'Its table was changed meanwhile; run again.',
    retryable: true,
  });
}

function rowTooLong(table: string): DatakitError {
  return new DatakitError({
    code: 'BAD_ROWS',
    message: `The source cannot send every row of ${table}: one is longer than the server's max_allowed_packet; nothing was loaded.`,
    hint: 'Raise max_allowed_packet on the server of the source.',
    details: { table },
  });
}
