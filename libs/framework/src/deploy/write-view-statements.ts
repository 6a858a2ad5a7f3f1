import type { Engine } from '../engines/engine.ts';
import type { Obstacle } from '../engines/obstacle.ts';
import type { Session } from '../engines/session.ts';
import type { ExpectedView } from '../structure/expected-views.ts';
import { qualified } from './owned-objects.ts';
import type { PlannedChange } from './planned-changes.ts';
import type { WrittenStatement } from './write-statements.ts';

/** What a plan does to views around the changes of tables. */
export interface ViewStatements {
  /** Before the tables: those in the way and those that go, first what reads others. */
  readonly before: readonly WrittenStatement[];
  /** After them: the declared ones in their order, then those of others. */
  readonly after: readonly WrittenStatement[];
}

/**
 * A view of ours that is in the way of a change, its own or that of a table, is made anew from its declaration with the
 * dress that it had; one of somebody else as it was.
 */
export async function writeViewStatements(
  engine: Engine,
  session: Session,
  planned: readonly PlannedChange[],
  declared: readonly ExpectedView[],
): Promise<ViewStatements> {
  const obstacles = await engine.obstacles(
    session,
    planned.map(({ change }) => change),
  );
  const inTheWay = new Map(obstacles.flatMap((each) => (each.view ? [[qualified(each.view), each] as const] : [])));
  const own = new Set(declared.map(({ structure }) => qualified(structure.view)));
  const before = obstacles.toReversed().flatMap((each) => aside(each.object, each.remove));
  const gone = new Set<string>();
  for (const { object, class: statementClass, change } of planned) {
    if (change.kind !== 'drop view') continue;
    gone.add(qualified(change.view));
    if (inTheWay.has(qualified(change.view))) continue;
    for (const { sql } of await engine.statementsFor(session, change)) {
      before.push({ statement: { object, class: statementClass, sql }, creates: [] });
    }
  }
  const after: WrittenStatement[] = [];
  for (const view of declared) {
    after.push(...(await writeOwnView(engine, session, view, planned, inTheWay.get(qualified(view.structure.view)))));
  }
  const others = obstacles.filter(
    ({ view }) => view === undefined || !(own.has(qualified(view)) || gone.has(qualified(view))),
  );
  return { before, after: [...after, ...others.flatMap((each) => aside(each.object, each.restore))] };
}

async function writeOwnView(
  engine: Engine,
  session: Session,
  { name, structure, declared }: ExpectedView,
  planned: readonly PlannedChange[],
  obstacle: Obstacle | undefined,
): Promise<WrittenStatement[]> {
  const own = planned.find(
    ({ change }) => (change.kind === 'create view' || change.kind === 'replace view') && change.view === structure,
  );
  if (!own && !obstacle) return [];
  const change = obstacle || !own ? ({ kind: 'create view', view: structure } as const) : own.change;
  const statements = await engine.statementsFor(session, change);
  const creates = own ? [{ kind: 'view', object: qualified(structure.view), declared }] : [];
  return [
    ...statements.map(({ sql }, index) => ({
      statement: { object: name, class: own?.class ?? 'altering', sql } as const,
      creates: index === 0 ? creates : [],
    })),
    ...aside(name, obstacle?.dress ?? []),
  ];
}

/** Statements about something that is not part of the plan and stays as it is. */
function aside(object: string, statements: readonly string[]): WrittenStatement[] {
  return statements.map((sql) => ({ statement: { object, class: 'altering', sql }, creates: [] }));
}
