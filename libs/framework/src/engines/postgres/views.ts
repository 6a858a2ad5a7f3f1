import type { Session } from '../session.ts';
import type { LiveView, TableName } from '../table-structure.ts';
import { withQualifiedNames } from './qualified-names.ts';
import { quoteTable } from './quote.ts';

/** Reads those of the named views that exist. */
export async function readViews(session: Session, views: readonly TableName[]): Promise<LiveView[]> {
  if (views.length === 0) return [];
  const rows = await withQualifiedNames(session, () =>
    session.query<{ schema: string; name: string; text: string; columns: string[] }>(
      `select n.nspname as schema, c.relname as name, pg_get_viewdef(c.oid) as text,
         (select json_agg(a.attname order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as columns
       from unnest(?::text[], ?::text[]) as wanted (schema, name)
       join pg_namespace n on n.nspname = wanted.schema
       join pg_class c on c.relnamespace = n.oid and c.relname = wanted.name and c.relkind = 'v'`,
      [views.map((view) => view.schema ?? 'public'), views.map((view) => view.name)],
    ),
  );
  return rows.map(({ schema, name, text, columns }) => ({ view: { schema, name }, text, columns }));
}

/** Drops those of the views that are there, with what reads them. */
export async function dropViews(session: Session, views: readonly TableName[]): Promise<void> {
  for (const view of views) await session.execute(`drop view if exists ${quoteTable(view)} cascade`);
}
