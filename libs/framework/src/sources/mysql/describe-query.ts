import type { FieldPacket } from 'mysql2/promise';
import type { MysqlSession } from '../../engines/mysql/connect.ts';
import { quote } from '../../engines/mysql/quote.ts';
import { serverError } from '../../engines/mysql/server-error.ts';
import type { NamedQuery } from '../named-query.ts';
import type { ReadRequest } from '../source-connector.ts';
import { asSourceError } from '../source-error.ts';
import type { MysqlSourceTable } from './list-tables.ts';
import { catalogueOfField } from './query-field.ts';
import { sourceColumn } from './source-column.ts';

/** A table, or a query in its place. The line break ends a comment that the query may end with. */
export function rowsOf({ schema, table, query }: Pick<ReadRequest, 'schema' | 'table' | 'query'>): string {
  return query === undefined ? `${quote(schema)}.${quote(table)}` : `(${query}\n) as datakit_query`;
}

/** Asks the server for the columns of a query. It refuses two of one name itself. */
export async function describeQuery(
  session: MysqlSession,
  { name, query, source }: NamedQuery,
): Promise<MysqlSourceTable> {
  const sql = `select * from ${rowsOf({ schema: '', table: name, query })} limit 0`;
  const [, fields] = await session.connection.query(sql).catch((error: unknown) => {
    throw asSourceError(serverError(error, `read the query of ${name} from ${source}`));
  });
  const columns = (fields as FieldPacket[]).map((field) => sourceColumn(catalogueOfField(field)));
  return { name, columns, estimatedRows: undefined };
}
