import type { PostgresSession } from '../../engines/postgres/connect.ts';
import { rowsOf } from '../../engines/postgres/copy-out.ts';
import { serverError } from '../../engines/postgres/server-error.ts';
import { parseColumnType } from '../../model/column-type.ts';
import { refuseTwins, type NamedQuery } from '../named-query.ts';
import type { SourceTable } from '../source-connector.ts';
import { asSourceError } from '../source-error.ts';
import { baseType } from './base-type.ts';

const typesQuery = `
  select base.type as type
  from unnest(?::oid[], ?::integer[]) with ordinality as field (type, modifier, number)
  cross join lateral (${baseType('field.type', 'field.modifier')}) as base
  order by field.number`;

/** Asks the server for the columns of a query, which it plans and does not run. */
export async function describeQuery(
  session: PostgresSession,
  { name, query, source }: NamedQuery,
): Promise<SourceTable> {
  const sql = `select * from ${rowsOf({ schema: '', table: name, query })} limit 0`;
  const { fields } = await session.client.query(sql).catch((error: unknown) => {
    throw asSourceError(serverError(error, `read the query of ${name} from ${source}`, 'SOURCE_UNAVAILABLE'));
  });
  const types = await session.query<{ type: string }>(typesQuery, [
    fields.map(({ dataTypeID }) => dataTypeID),
    fields.map(({ dataTypeModifier }) => dataTypeModifier),
  ]);
  const columns = fields.map((field, index) => {
    // What a query makes may be null, whatever it is made of.
    return { name: field.name, type: parseColumnType(types[index]?.type ?? 'text'), nullable: true };
  });
  return refuseTwins({ name, columns, estimatedRows: undefined });
}
