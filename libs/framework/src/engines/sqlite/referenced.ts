import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';

/** True where a foreign key points to the table, be it its own. */
export async function isReferenced(session: Session, { name }: TableName): Promise<boolean> {
  const rows = await session.query(
    `select 1 as one from sqlite_schema t join pragma_foreign_key_list(t.name) f
     where t.type = 'table' and f."table" = ? collate nocase limit 1`,
    [name],
  );
  return rows.length > 0;
}
