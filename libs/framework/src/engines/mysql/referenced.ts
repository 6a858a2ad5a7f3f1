import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';

/** True where a foreign key points to the table, be it its own or one of another database. */
export async function isReferenced(session: Session, { name }: TableName): Promise<boolean> {
  const rows = await session.query(
    `select 1 as one from information_schema.referential_constraints
     where unique_constraint_schema = database() and referenced_table_name = ? limit 1`,
    [name],
  );
  return rows.length > 0;
}
