import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { hashOf, type ExpectedView } from '../structure/expected-views.ts';
import { qualified, tableOfObject } from './owned-objects.ts';

/**
 * Remembers how the server shows the views that deployments made, so that a change by hand is found later. Views of
 * other datakits are followed, too, where they were as deployed before: a new type below them changes their text.
 *
 * @returns call it when the statements have run
 */
export async function watchViews(
  engine: Engine,
  session: Session,
  ledger: Ledger,
): Promise<(declared: readonly ExpectedView[]) => Promise<void>> {
  const before = await shownViews(engine, session, ledger);
  return async (declared) => {
    const own = new Map(declared.map((view) => [qualified(view.structure.view), view.declared]));
    for (const { object, record, text } of await shownViews(engine, session, ledger)) {
      const known = before.find((each) => each.object === object);
      const wasAsDeployed = known !== undefined && known.record.live === hashOf(known.text);
      const live = hashOf(text);
      if (!own.has(object) && !wasAsDeployed) continue;
      const asDeclared = own.get(object) ?? record.declared ?? null;
      if (record.live === live && record.declared === asDeclared) continue;
      await ledger.objects.recordText({ kind: 'view', object, declared: asDeclared, live });
    }
  };
}

async function shownViews(engine: Engine, session: Session, ledger: Ledger) {
  const recorded = await ledger.objects.list({ kind: 'view' });
  const live = await engine.readViews(
    session,
    recorded.map(({ object }) => tableOfObject(object, engine)),
  );
  const texts = new Map(live.map(({ view, text }) => [qualified(view), text]));
  return recorded.flatMap((record) => {
    const text = texts.get(record.object);
    return text === undefined ? [] : [{ object: record.object, record, text }];
  });
}
