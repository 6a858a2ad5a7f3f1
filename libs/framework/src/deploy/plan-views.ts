import { DatakitError } from '../errors/datakit-error.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';
import { hashOf } from '../structure/expected-views.ts';
import { entityName } from '../structure/expected-tables.ts';
import { qualified, tableOfObject } from './owned-objects.ts';
import type { PlanContext } from './plan-context.ts';
import type { PlannedChange, PlannedChanges } from './planned-changes.ts';

/**
 * Declared views that are not there or are not what was deployed, and views of ours that are no longer declared.
 * @throws DRIFT, DATAKIT_INVALID where one of them is not ours
 */
export async function planViews(context: PlanContext): Promise<PlannedChanges> {
  const changes: PlannedChange[] = [];
  const created: LedgerObject[] = [];
  for (const { name, structure, declared } of context.views) {
    const object = { kind: 'view', object: qualified(structure.view), declared };
    const live = context.liveViews.get(object.object);
    if (!live) {
      changes.push({ object: name, class: 'additive', change: { kind: 'create view', view: structure } });
      created.push(object);
      continue;
    }
    const record = context.recorded.find((each) => each.kind === 'view' && each.object === object.object);
    if (record?.datakit !== context.datakit.name) throw notOurs(object.object, record?.datakit);
    if (record.declared === declared && record.live === hashOf(live.text)) continue;
    changes.push({ object: name, class: 'altering', change: { kind: 'replace view', view: structure } });
    created.push(object);
  }
  return allWithRemovals(context, changes, created);
}

/** A view that goes loses no rows, but whoever reads it: it is named like a table. */
async function allWithRemovals(
  { datakit, engine, session, recorded, views, ...context }: PlanContext,
  changes: readonly PlannedChange[],
  created: readonly LedgerObject[],
): Promise<PlannedChanges> {
  const declared = new Set(views.map(({ structure }) => qualified(structure.view)));
  const dropped = recorded.filter((each) => each.kind === 'view' && context.isOurs(each) && !declared.has(each.object));
  const names = dropped.map(({ object }) => tableOfObject(object, engine));
  // Those that somebody dropped already are only forgotten.
  const removals = (await engine.readViews(session, names)).map(({ view }): PlannedChange => {
    const object = entityName(view, datakit, engine);
    return { object, class: 'destructive', change: { kind: 'drop view', view } };
  });
  return {
    changes: [...removals, ...changes],
    created,
    dropped,
    destructive: removals.map(({ object }) => object),
  };
}

function notOurs(view: string, holder: string | undefined): DatakitError {
  if (holder === undefined) {
    return new DatakitError({
      code: 'DRIFT',
      message: `The view ${view} is in the database already and was not made by a deployment.`,
      hint: 'Rename or drop it, or give the datakit another schema.',
    });
  }
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `The view ${view} belongs to the datakit "${holder}" in this database.`,
    hint: 'Give one of the two datakits another schema.',
  });
}
