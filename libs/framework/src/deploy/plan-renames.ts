import type { TablePart } from '../engines/structure-change.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';
import { entityName } from '../structure/expected-tables.ts';
import { objectAfter } from './after-renames.ts';
import { objectOfPart, qualified } from './owned-objects.ts';
import type { PlanContext } from './plan-context.ts';
import { allOf, type PlannedChange, type PlannedChanges } from './planned-changes.ts';

/**
 * The renames, and the triggers of the renamed tables, whose texts hold the old names. All else that a deployment has
 * to do is planned when they are done: what hangs on a table can only be read under the names that it has.
 *
 * @param rest what is left to do then
 * @returns `isAll` where the renames are all that there is to do
 */
export function planRenames(context: PlanContext, rest: PlannedChanges): PlannedChanges & { readonly isAll: boolean } {
  const { renames, recordedBefore, datakit, engine } = context;
  const moved = recordedBefore
    .filter((before) => before.datakit === datakit.name)
    .map((before) => ({ before, after: objectAfter(before, renames) }))
    .filter(({ before, after }) => before.object !== after.object);
  const changes = renames.map(({ from, to, columns, indexes }): PlannedChange => {
    const object = entityName(to, datakit, engine);
    const creates = moved.flatMap(({ after: { kind, object: name } }) =>
      name === qualified(to) || name.startsWith(`${qualified(to)}.`) ? [{ kind, object: name }] : [],
    );
    return { object, class: 'altering', change: { kind: 'rename table', from, to, columns, indexes }, creates };
  });
  const own: PlannedChanges = {
    changes,
    created: moved.map(({ after: { kind, object } }) => ({ kind, object })),
    dropped: moved.map(({ before: { kind, object } }) => ({ kind, object })),
    destructive: [],
  };
  const triggers = triggersOf(context, rest);
  const isAll = rest.changes.every(
    ({ change }) =>
      change.kind === 'alter table' && change.parts.every(isTrigger) && isRenamed(context, change.to.table.name),
  );
  // What would be lost later is refused before the first statement.
  return { ...allOf([own, triggers]), destructive: rest.destructive, isAll };
}

function triggersOf(context: PlanContext, rest: PlannedChanges): PlannedChanges {
  const created: LedgerObject[] = [];
  const dropped: LedgerObject[] = [];
  const changes = rest.changes.flatMap((planned): PlannedChange[] => {
    const { change } = planned;
    if (change.kind !== 'alter table' || !isRenamed(context, change.to.table.name)) return [];
    const parts = change.parts.filter(isTrigger);
    for (const part of parts) {
      const object = objectOfPart(change.to.table, part);
      if (object) (part.kind === 'add trigger' ? created : dropped).push(object);
    }
    return parts.length === 0 ? [] : [{ ...planned, class: 'altering', change: { ...change, parts } }];
  });
  return { changes, created, dropped, destructive: [] };
}

function isTrigger({ kind }: TablePart): boolean {
  return kind === 'add trigger' || kind === 'drop trigger';
}

function isRenamed({ renames }: PlanContext, table: string): boolean {
  return renames.some(({ to }) => to.name === table);
}
