import { describeTables } from '../../engines/sqlite/describe-tables.ts';
import type { TableDescription } from '../../engines/table-description.ts';
import { connect, type SqliteSession } from '../../engines/sqlite/connect.ts';
import { serverError } from '../../engines/sqlite/server-error.ts';
import { DatakitError } from '../../errors/datakit-error.ts';
import { formatColumnType } from '../../model/column-type.ts';
import type { WireColumn, WireFormat } from '../../model/wire-format.ts';
import type { CursorMeasure, CursorRange } from '../../model/cursor-range.ts';
import { greatestStatement, rangeCondition, type CursorSql } from '../range-sql.ts';
import { rowLine } from '../row-line.ts';
import {
  SourceConnector,
  type MeasureRequest,
  type ReadRequest,
  type SourceSnapshot,
  type SourceStream,
  type SourceTable,
} from '../source-connector.ts';
import { asSourceError, fromSource } from '../source-error.ts';
import { cursorSql } from './cursor-sql.ts';
import { listTables } from './list-tables.ts';
import { fieldsOf, rowsOf } from './query-rows.ts';
import { PortableValues } from './portable-value.ts';
import { streamLines } from './row-stream.ts';
import { textDialect } from './text-dialect.ts';

/** A file of SQLite. It is opened to read only, and read inside of one transaction. */
export class SqliteConnector extends SourceConnector {
  readonly host = 'localhost';
  readonly description: string;
  readonly defaultSchema = 'main';
  readonly formats: readonly WireFormat[] = ['postgres-text', 'text-rows', 'csv', 'json-lines'];
  readonly #file: string;
  readonly #open = new Set<SqliteSession>();

  constructor(file: string) {
    super();
    this.#file = file;
    this.description = `SQLite file ${file}`;
  }

  async testConnection(): Promise<void> {
    await this.#withSession((session) => session.query('select 1 from sqlite_schema limit 1'));
  }

  async listSchemas(): Promise<string[]> {
    await this.testConnection();
    return [this.defaultSchema];
  }

  async listTables(schema: string, names?: readonly string[]): Promise<SourceTable[]> {
    if (schema !== this.defaultSchema) return [];
    return await this.#withSession((session) => listTables(session, names));
  }

  override async describeTables(schema: string, names?: readonly string[]): Promise<TableDescription[]> {
    const tables = await this.listTables(schema, names);
    return await this.#withSession((session) => describeTables(session, tables));
  }

  override async describeQuery(name: string, query: string): Promise<SourceTable> {
    return await this.#withSession(async ({ database }) => {
      const columns = fieldsOf(database, rowsOf({ table: name, query }), (error) =>
        serverError(error, `read the query of ${name} from ${this.description}`),
      );
      return { name, columns, estimatedRows: undefined };
    });
  }

  /** With a write-ahead log, writers go on meanwhile; without one they wait. */
  async openSnapshot(): Promise<SourceSnapshot> {
    return await fromSource(async () => {
      const session = await this.#connect();
      await session.execute('begin');
      // The moment is that of the first look.
      await session.query('select 1 from sqlite_schema limit 1');
      return {
        read: async (request) => this.#read(request, session),
        measure: (request) => fromSource(() => this.#measure(request, session)),
        [Symbol.asyncDispose]: () => this.#disconnect(session),
      };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of [...this.#open]) await this.#disconnect(session);
  }

  #read(request: ReadRequest, { database }: SqliteSession): SourceStream {
    const { table, columns, constants, format, range } = request;
    const values = new PortableValues(database, (column) => badValue(table, column));
    const portable = columns.map((column) => values.of(column, format));
    const line = rowLine(format, portable, constants, textDialect);
    const where = range ? ` where ${rangeCondition(range, cursorOf(range, values))}` : '';
    const failure = (error: unknown): DatakitError =>
      error === undefined
        ? badBytes(table)
        : asSourceError(serverError(error, `read ${table} from ${this.description}`));
    const { rows, bytes, count } = streamLines(database, line, `from ${rowsOf(request)}${where}`, failure);
    return { rows, bytes, rowsSoFar: count, rowCount: async () => count() };
  }

  async #measure(request: MeasureRequest, session: SqliteSession): Promise<CursorMeasure> {
    const { table, range, rows } = request;
    const values = new PortableValues(session.database, (column) => badValue(table, column));
    const cursor = cursorOf(range, values);
    const from = rowsOf(request);
    // As text: the driver would make a number of a number.
    const text = `cast(${portableText(range, values)} as text)`;
    const [most] = await session.query<{ greatest: string }>(greatestStatement(range, cursor, { from, text, rows }));
    const nulls = await session.query(`select 1 as one from ${from} where ${cursor.column} is null limit 1`);
    return { greatest: most?.greatest, nulls: nulls.length > 0 };
  }

  async #connect(): Promise<SqliteSession> {
    const session = await connect({ engine: 'sqlite', file: this.#file }, { readOnly: true });
    this.#open.add(session);
    return session;
  }

  async #disconnect(session: SqliteSession): Promise<void> {
    this.#open.delete(session);
    await session[Symbol.asyncDispose]();
  }

  async #withSession<Result>(work: (session: SqliteSession) => Promise<Result>): Promise<Result> {
    return await fromSource(async () => {
      const session = await this.#connect();
      try {
        return await work(session);
      } finally {
        await this.#disconnect(session);
      }
    });
  }
}

function portableText({ column, type }: CursorRange, values: PortableValues): string {
  return values.of({ name: column, from: column, type }, 'text-rows').sql;
}

function cursorOf(range: CursorRange, values: PortableValues): CursorSql {
  return cursorSql(range, portableText(range, values));
}

function badValue(table: string, column: WireColumn & { readonly from?: string }): DatakitError {
  return new DatakitError({
    code: 'BAD_ROWS',
    message: `The source cannot send every row of ${table}: a value that is none of its declared type in column ${column.from ?? column.name} (${formatColumnType(column.type)}); nothing was loaded.`,
    hint: 'SQLite keeps any value in any column. Declare a type that holds every value, or mend such rows in the source; docs/types.md tells how each type is read.',
    details: { table, column: column.from ?? column.name },
  });
}

function badBytes(table: string): DatakitError {
  return new DatakitError({
    code: 'BAD_ROWS',
    message: `The source cannot send every row of ${table}: a text with bytes that are no UTF-8; nothing was loaded.`,
    hint: 'Mend such rows in the source, or keep them in a blob.',
    details: { table },
  });
}
