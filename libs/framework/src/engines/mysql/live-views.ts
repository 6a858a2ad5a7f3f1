import type { Session } from '../session.ts';

/** A view as the catalogue describes it. */
export interface LiveView {
  readonly name: string;
  readonly query: string;
  readonly definer: string;
  readonly security: string;
  readonly checkOption: string;
}

/** All views of the session's database. */
export async function liveViews(session: Session): Promise<{ database: string; views: LiveView[] }> {
  const [here] = await session.query<{ name: string | null }>('select database() as name');
  const views = await session.query<LiveView & Record<string, unknown>>(
    `select table_name as name, view_definition as query, definer as definer, security_type as security,
       check_option as checkOption
     from information_schema.views where table_schema = database() order by table_name`,
  );
  return { database: here?.name ?? '', views };
}
