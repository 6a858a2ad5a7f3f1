import { entityName } from '../structure/expected-tables.ts';
import type { TableStructure } from '../engines/table-structure.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';
import { besideKeptStates } from '../structure/kept-history.ts';
import { classify, worst } from './classify.ts';
import { shownPart } from './names-for-people.ts';
import { neededParts } from './needed-parts.ts';
import { objectOfPart, qualified } from './owned-objects.ts';
import type { PlanContext } from './plan-context.ts';
import type { PlannedChange, PlannedChanges } from './planned-changes.ts';

/**
 * Declared tables that are there and look different.
 * @throws DRIFT, DATAKIT_INVALID where one of them is not ours
 */
export function planAlterations(context: PlanContext): PlannedChanges {
  const changes: PlannedChange[] = [];
  const created: LedgerObject[] = [];
  const dropped: LedgerObject[] = [];
  const destructive: string[] = [];
  for (const declared of context.structures) {
    const from = context.live.get(qualified(declared.table));
    if (!from) continue;
    const to = besideKeptStates(declared, from, context.engine);
    const name = entityName(to.table, context.datakit, context.engine);
    const holder = context.ownerOf({ kind: 'table', object: qualified(to.table) });
    if (holder !== undefined && holder !== context.datakit.name) throw ownedByOther(to, holder);
    const parts = neededParts(to, from, (object) => context.isOurs(object));
    if (parts.length === 0) continue;
    // An equal one is used as it is; it does not become ours, so no clean-up will drop it.
    if (holder === undefined) throw madeBySomebodyElse(to);
    const classes = parts.map((part) => classify(part, context.engine));
    changes.push({ object: name, class: worst(classes), change: { kind: 'alter table', from, to, parts } });
    for (const [index, part] of parts.entries()) {
      if (classes[index] === 'destructive') destructive.push(shownPart(name, to.table, part));
      const object = objectOfPart(to.table, part);
      if (object && part.kind.startsWith('add')) created.push(object);
      if (object && part.kind.startsWith('drop')) dropped.push(object);
    }
  }
  return { changes, created, dropped, destructive };
}

function ownedByOther({ table }: TableStructure, holder: string): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `The table ${qualified(table)} belongs to the datakit "${holder}" in this database.`,
    hint: 'Give one of the two datakits another schema.',
  });
}

function madeBySomebodyElse({ table }: TableStructure): DatakitError {
  return new DatakitError({
    code: 'DRIFT',
    message: `The table ${qualified(table)} is in the database already, was not made by a deployment, and looks different.`,
    hint: 'Rename or drop it, or give the datakit another schema. "validate" shows the differences.',
  });
}
