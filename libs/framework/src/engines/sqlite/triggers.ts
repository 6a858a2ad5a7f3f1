import { hashOf } from '../maintained-table.ts';
import type { Session } from '../session.ts';
import type { TriggerStructure } from '../table-structure.ts';

/** A trigger as the catalogue has it: the text of the statement that made it. */
interface TriggerRow {
  readonly name: string;
  readonly sql: string;
}

/** The triggers of tables, by table. SQLite cannot switch one off. */
export async function readTriggers(session: Session, wanted: string): Promise<Map<string, TriggerStructure[]>> {
  const rows = await session.query<{ table: string; name: string; sql: string }>(
    `select tbl_name as "table", name, sql from sqlite_schema
     where type = 'trigger' and tbl_name in (select value from json_each(?)) order by name`,
    [wanted],
  );
  const byTable = Map.groupBy(rows, ({ table }) => table);
  return new Map([...byTable].map(([table, triggers]) => [table, triggers.map(toTrigger)]));
}

export function toTrigger({ name, sql }: TriggerRow): TriggerStructure {
  const [, when, event] =
    /\b(before|after|instead of)?\s*\b(insert|update|delete)\b/i.exec(sql.replaceAll(/"(?:[^"]|"")*"/g, '')) ?? [];
  return { name, runs: `${when ?? 'before'} ${event ?? ''}`.toLowerCase(), does: hashOf(sql), enabled: true };
}
