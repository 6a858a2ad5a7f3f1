import type { Obstacle } from '../obstacle.ts';
import type { Session } from '../session.ts';
import type { RenamedTable, StructureChange } from '../structure-change.ts';
import { liveViews, type LiveView } from './live-views.ts';
import { quote } from './quote.ts';
import { renamedInView } from './view-text.ts';

/** Views know tables and columns by name here: those that read what is renamed are written anew after it. */
export async function renamedViews(session: Session, changes: readonly StructureChange[]): Promise<Obstacle[]> {
  const renames = changes.filter((change) => change.kind === 'rename table');
  if (renames.length === 0) return [];
  const { database, views } = await liveViews(session);
  return views.flatMap((view): Obstacle[] => {
    const query = renames.reduce((text, rename) => renamedInView(text, database, asNames(rename)), view.query);
    if (query === view.query) return [];
    const restore = [createView(view, query)];
    return [{ object: `view ${view.name}`, view: { name: view.name }, remove: [], restore, dress: [] }];
  });
}

function asNames({ from, to, columns }: RenamedTable): Parameters<typeof renamedInView>[2] {
  return { from: from.name, to: to.name, columns: new Map(columns.map((each) => [each.from, each.to])) };
}

function createView({ name, definer, security, checkOption }: LiveView, query: string): string {
  const at = definer.lastIndexOf('@');
  const account = `${quote(definer.slice(0, at))}@${quote(definer.slice(at + 1))}`;
  const check = checkOption === 'NONE' ? '' : ` with ${checkOption.toLowerCase()} check option`;
  return `create or replace definer = ${account} sql security ${security.toLowerCase()} view ${quote(name)} as\n${query}${check}`;
}
