import type { Session } from '../session.ts';
import type { LiveView, TableName } from '../table-structure.ts';
import { liveViews } from './live-views.ts';
import { quoteTable } from './quote.ts';

/** Reads those of the named views that exist. */
export async function readViews(session: Session, views: readonly TableName[]): Promise<LiveView[]> {
  if (views.length === 0) return [];
  const names = new Set(views.map(({ name }) => name));
  const { views: live } = await liveViews(session);
  const found = live.filter(({ name }) => names.has(name));
  if (found.length === 0) return [];
  const columns = await session.query<{ view: string; name: string }>(
    `select table_name as view, column_name as name from information_schema.columns
     where table_schema = database() and table_name in (${found.map(() => '?').join(', ')}) order by table_name, ordinal_position`,
    found.map(({ name }) => name),
  );
  return found.map(({ name, query, security, checkOption }) => ({
    view: { name },
    text: `${query} ${security} ${checkOption}`,
    columns: columns.filter(({ view }) => view === name).map((column) => column.name),
  }));
}

/** Drops those of the views that are there; what reads them is only text and stays. */
export async function dropViews(session: Session, views: readonly TableName[]): Promise<void> {
  if (views.length > 0) await session.execute(`drop view if exists ${views.map(quoteTable).join(', ')}`);
}
