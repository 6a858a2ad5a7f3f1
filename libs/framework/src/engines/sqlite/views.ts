import type { Session } from '../session.ts';
import type { LiveView, TableName } from '../table-structure.ts';
import { quoteTable } from './quote.ts';

/** Reads those of the named views that exist; one that is broken has no columns. */
export async function readViews(session: Session, views: readonly TableName[]): Promise<LiveView[]> {
  if (views.length === 0) return [];
  const rows = await session.query<{ name: string; text: string }>(
    `select name, sql as text from sqlite_schema where type = 'view' and name in (select value from json_each(?)) order by name`,
    [JSON.stringify(views.map(({ name }) => name))],
  );
  return Promise.all(
    rows.map(async ({ name, text }) => ({ view: { name }, text, columns: await columnsOf(session, name) })),
  );
}

async function columnsOf(session: Session, view: string): Promise<string[]> {
  try {
    const columns = await session.query<{ name: string }>('select name from pragma_table_info(?) order by cid', [view]);
    return columns.map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Drops those of the views that are there; what reads them is only text and stays. */
export async function dropViews(session: Session, views: readonly TableName[]): Promise<void> {
  for (const view of views) await session.execute(`drop view if exists ${quoteTable(view)}`);
}
