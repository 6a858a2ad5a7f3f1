import type { TableStructure } from '../engines/table-structure.ts';
import { entityName } from '../structure/expected-tables.ts';
import { qualified, tableOfObject } from './owned-objects.ts';
import { parentsFirst } from './parents-first.ts';
import type { PlanContext } from './plan-context.ts';
import type { PlannedChange, PlannedChanges } from './planned-changes.ts';

/** Tables that this datakit created and no longer declares. Those that somebody dropped already are only forgotten. */
export async function planRemovals(
  context: PlanContext,
): Promise<PlannedChanges & { readonly there: readonly TableStructure[] }> {
  const { datakit, engine, structures, recorded, session } = context;
  const declared = new Set(structures.map(({ table }) => qualified(table)));
  const undeclared = recorded
    .filter((each) => each.kind === 'table' && context.isOurs(each) && !declared.has(each.object))
    .map(({ object }) => object);
  const dropped = undeclared.flatMap((table) =>
    recorded.filter(({ object }) => object === table || object.startsWith(`${table}.`)),
  );
  const there = await engine.readTables(
    session,
    undeclared.map((table) => tableOfObject(table, engine)),
  );
  const changes = parentsFirst(there)
    .reverse()
    .map(({ table }): PlannedChange => {
      const object = entityName(table, datakit, engine);
      return { object, class: 'destructive', change: { kind: 'drop table', table } };
    });
  return { changes, created: [], dropped, destructive: changes.map(({ object }) => object), there };
}
