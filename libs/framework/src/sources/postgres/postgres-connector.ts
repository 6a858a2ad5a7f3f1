import type { WireFormat } from '../../model/wire-format.ts';
import { connect, type PostgresSession } from '../../engines/postgres/connect.ts';
import { copyOut, copyOutFormats } from '../../engines/postgres/copy-out.ts';
import { describeTables } from '../../engines/postgres/describe-tables.ts';
import type { TableDescription } from '../../engines/table-description.ts';
import { DatakitError } from '../../errors/datakit-error.ts';
import { serverError } from '../../engines/postgres/server-error.ts';
import { asSourceError } from '../source-error.ts';
import { parseColumnType } from '../../model/column-type.ts';
import type { PostgresAddress } from '../../settings/postgres-url.ts';
import { baseType } from './base-type.ts';
import { describeQuery } from './describe-query.ts';
import { measureCursor } from './measure-cursor.ts';
import {
  SourceConnector,
  type ReadRequest,
  type SourceSnapshot,
  type SourceStream,
  type SourceTable,
} from '../source-connector.ts';

interface TableRow extends Record<string, unknown> {
  readonly name: string;
  readonly estimated_rows: number;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[] | null;
}

const tablesQuery = `
  select c.relname as name,
    (case when c.relkind = 'p' then (select sum(greatest(p.reltuples, 0)) from pg_inherits i join pg_class p on p.oid = i.inhrelid
      where i.inhparent = c.oid) else c.reltuples end)::float8 as estimated_rows,
    (select json_agg(json_build_object('name', a.attname, 'nullable', not a.attnotnull, 'type', base.type) order by a.attnum)
      from pg_attribute a cross join lateral (${baseType('a.atttypid', 'a.atttypmod')}) as base
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = ? and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
    and (?::text[] is null or c.relname = any (?::text[])) and has_table_privilege(c.oid, 'select')
  order by c.relname`;

/** The sessions of one snapshot. */
interface Readers {
  /** The id under which the leading session exported it. */
  readonly snapshot: string;
  readonly all: PostgresSession[];
  /** Those that send nothing at the moment. */
  readonly idle: PostgresSession[];
}

/** PostgreSQL by password, TCP or unix socket. */
export class PostgresConnector extends SourceConnector {
  readonly host: string;
  readonly description: string;
  readonly defaultSchema = 'public';
  readonly formats: readonly WireFormat[] = copyOutFormats;
  readonly #address: PostgresAddress;
  readonly #sessions = new Set<PostgresSession>();

  constructor(address: PostgresAddress) {
    super();
    this.#address = address;
    const isSocket = address.host.startsWith('/');
    this.host = isSocket ? 'localhost' : address.host;
    this.description = `PostgreSQL at ${address.host}:${address.port}/${address.database}`;
  }

  async testConnection(): Promise<void> {
    const session = await this.connect();
    await this.disconnect(session);
  }

  async listSchemas(): Promise<string[]> {
    const rows = await this.#withSession((session) =>
      session.query<{ name: string }>(
        `select nspname as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
         and has_schema_privilege(oid, 'usage') order by nspname`,
      ),
    );
    return rows.map((row) => row.name);
  }

  async listTables(schema: string, names?: readonly string[]): Promise<SourceTable[]> {
    const rows = await this.#withSession((session) =>
      session.query<TableRow>(tablesQuery, [schema, names ?? null, names ?? null]),
    );
    return rows.map((row) => ({
      name: row.name,
      columns: (row.columns ?? []).map((column) => ({ ...column, type: parseColumnType(column.type) })),
      estimatedRows: row.estimated_rows >= 0 ? row.estimated_rows : undefined,
    }));
  }

  override async describeTables(schema: string, names?: readonly string[]): Promise<TableDescription[]> {
    const tables = await this.listTables(schema, names);
    return this.#withSession((session) => describeTables(session, schema, tables));
  }

  override async describeQuery(name: string, query: string): Promise<SourceTable> {
    return this.#withSession((session) => describeQuery(session, { name, query, source: this.description }));
  }

  /** One leading session holds the snapshot; every reader takes it over, so all tables show one moment. */
  async openSnapshot(): Promise<SourceSnapshot> {
    const leader = await this.connect();
    await leader.execute('begin isolation level repeatable read read only');
    const [exported] = await leader.query<{ id: string }>('select pg_export_snapshot() as id');
    const readers: Readers = { snapshot: exported?.id ?? '', all: [leader], idle: [] };
    return {
      read: (request) => this.#read(request, readers),
      measure: async (request) => {
        const reader = readers.idle.pop() ?? (await this.#openReader(readers));
        const measured = await measureCursor(reader, request);
        readers.idle.push(reader);
        return measured;
      },
      [Symbol.asyncDispose]: async () => {
        for (const session of readers.all) await this.disconnect(session);
      },
    };
  }

  /** Opens a session; `disconnect` or the connector's end closes it. */
  async connect(): Promise<PostgresSession> {
    const session = await connect(
      { engine: 'postgres', ...this.#address },
      { readOnly: true, unreachableCode: 'SOURCE_UNAVAILABLE' },
    );
    this.#sessions.add(session);
    return session;
  }

  async disconnect(session: PostgresSession): Promise<void> {
    this.#sessions.delete(session);
    await session[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of [...this.#sessions]) await this.disconnect(session);
  }

  async #withSession<Result>(work: (session: PostgresSession) => Promise<Result>): Promise<Result> {
    const session = await this.connect();
    try {
      return await work(session);
    } finally {
      await this.disconnect(session);
    }
  }

  async #read(request: ReadRequest, readers: Readers): Promise<SourceStream> {
    const reader = readers.idle.pop() ?? (await this.#openReader(readers));
    const stream = await copyOut(reader, request, (error) =>
      asSourceError(serverError(error, `read ${request.table} from ${this.description}`, 'SOURCE_UNAVAILABLE')),
    );
    // A session whose stream was cut still sends rows, so only one that ended goes back.
    stream.rowCount().then(
      () => stream.rows.readableEnded && readers.idle.push(reader),
      () => undefined,
    );
    return stream;
  }

  async #openReader(readers: Readers): Promise<PostgresSession> {
    const session = await this.connect();
    readers.all.push(session);
    await session.execute('begin isolation level repeatable read read only');
    try {
      await session.execute(`set transaction snapshot '${readers.snapshot}'`);
    } catch (cause) {
      throw snapshotGone(this.description, cause);
    }
    return session;
  }
}

/** It ends with the session that holds it. */
function snapshotGone(source: string, cause: unknown): DatakitError {
  return new DatakitError({
    code: 'SOURCE_UNAVAILABLE',
    message: `The moment that was read from ${source} is gone: the connection that held it was lost.`,
    retryable: true,
    cause,
  });
}
