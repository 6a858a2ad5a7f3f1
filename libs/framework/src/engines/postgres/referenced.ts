import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';
import { quoteTable } from './quote.ts';

/** True where a foreign key points to the table, be it its own. */
export async function isReferenced(session: Session, table: TableName): Promise<boolean> {
  const rows = await session.query(
    `select 1 as one from pg_constraint where contype = 'f' and confrelid = to_regclass(?) limit 1`,
    [quoteTable(table)],
  );
  return rows.length > 0;
}
