import { physicalName } from '../engines/physical-name.ts';
import { entityName } from '../structure/expected-tables.ts';
import type { Session } from '../engines/session.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';
import { objectsOf, qualified } from './owned-objects.ts';
import { parentsFirst } from './parents-first.ts';
import type { PlanContext } from './plan-context.ts';
import type { PlannedChange, PlannedChanges } from './planned-changes.ts';

/** Declared tables that are not there, with their schema where all of them are missing. */
export async function planNewTables(
  context: PlanContext,
): Promise<PlannedChanges & { readonly newTables: readonly string[] }> {
  const { datakit, engine, structures, live, session } = context;
  const changes: PlannedChange[] = [];
  const created: LedgerObject[] = [];
  const missing = structures.filter(({ table }) => !live.has(qualified(table)));
  const { schema } = physicalName(datakit, '', engine);
  const isNew = missing.length === structures.length && context.liveViews.size === 0;
  if (schema !== undefined && isNew && !(await schemaExists(session, schema))) {
    changes.push({ object: schema, class: 'additive', change: { kind: 'create schema', schema } });
    created.push({ kind: 'schema', object: schema });
  }
  const newTables: string[] = [];
  for (const table of parentsFirst(missing)) {
    const object = entityName(table.table, datakit, engine);
    newTables.push(object);
    changes.push({ object, class: 'additive', change: { kind: 'create table', table } });
    created.push(...objectsOf(table));
  }
  return { changes, created, dropped: [], destructive: [], newTables };
}

async function schemaExists(session: Session, schema: string): Promise<boolean> {
  const rows = await session.query('select 1 from information_schema.schemata where schema_name = ?', [schema]);
  return rows.length > 0;
}
