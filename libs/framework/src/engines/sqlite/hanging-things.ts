import { DatakitError } from '../../errors/datakit-error.ts';
import type { Session } from '../session.ts';
import { quote } from './quote.ts';

/** The tables and views of a file before its structure changes. */
export interface HangingThings {
  /** Name of a table → what is another when it was made anew or altered. */
  readonly tables: ReadonlyMap<string, string>;
  /** Views that answer a query. */
  readonly goodViews: readonly string[];
}

/** Reads the schema before it changes. */
export async function hangingThings(session: Session): Promise<HangingThings> {
  const rows = await session.query<{ type: string; name: string; rootpage: number; sql: string }>(
    `select type, name, rootpage, sql from sqlite_schema where type in ('table', 'view') order by name`,
  );
  const goodViews: string[] = [];
  for (const { type, name } of rows) if (type === 'view' && (await answers(session, name))) goodViews.push(name);
  const tables = rows.filter(({ type }) => type === 'table');
  return { tables: new Map(tables.map(({ name, rootpage, sql }) => [name, `${rootpage} ${sql}`])), goodViews };
}

/**
 * Foreign keys were off and views are only texts, so what SQLite did not look at while tables changed is looked at
 * before the commit: rows of the changed tables and of those that point to them, and views that answered before.
 *
 * @throws TARGET_FAILED for rows that point nowhere, DESTRUCTIVE for a view that reads what is gone
 */
export async function checkHangingThings(session: Session, before: HangingThings): Promise<void> {
  const now = await hangingThings(session);
  const changed = [...now.tables].filter(([name, form]) => before.tables.get(name) !== form).map(([name]) => name);
  const gone = [...before.tables.keys()].filter((name) => !now.tables.has(name));
  if (changed.length + gone.length === 0) return;
  await checkForeignKeys(session, [...changed, ...gone]);
  const views = await session.query<{ name: string }>(`select name from sqlite_schema where type = 'view'`);
  const broken = before.goodViews.find(
    (name) => views.some((view) => view.name === name) && !now.goodViews.includes(name),
  );
  if (broken === undefined) return;
  throw new DatakitError({
    code: 'DESTRUCTIVE',
    message: `The view ${broken} reads something that the plan drops; nothing was changed.`,
    hint: 'Change or drop that view first, or keep what it reads.',
    details: { view: broken },
  });
}

async function answers(session: Session, view: string): Promise<boolean> {
  try {
    await session.query(`select * from ${quote(view)} limit 0`);
    return true;
  } catch {
    return false;
  }
}

async function checkForeignKeys(session: Session, tables: readonly string[]): Promise<void> {
  const children = await session.query<{ name: string }>(
    `select distinct t.name from sqlite_schema t, pragma_foreign_key_list(t.name) k
     where t.type = 'table' and (t.name in (select value from json_each(?)) or k."table" in (select value from json_each(?)))`,
    [JSON.stringify(tables), JSON.stringify(tables)],
  );
  for (const { name } of children) {
    const [violation] = await session.query<{ parent: string }>('select * from pragma_foreign_key_check(?) limit 1', [
      name,
    ]);
    if (!violation) continue;
    throw new DatakitError({
      code: 'TARGET_FAILED',
      message: `Rows of ${name} would point to rows of ${violation.parent} that are not there.`,
      hint: 'Mend the rows, then deploy again; nothing was changed.',
    });
  }
}
