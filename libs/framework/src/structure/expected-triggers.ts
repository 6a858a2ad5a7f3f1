import type { Engine } from '../engines/engine.ts';
import type { EntityTable } from '../engines/entity-metadata.ts';
import type { MaintainedTable } from '../engines/maintained-table.ts';
import type { TableStructure } from '../engines/table-structure.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { MaintainedRole } from '../model/maintained-columns.ts';
import type { TableDefinition } from '../model/table.ts';
import { historyStructure, trackedColumns } from './expected-history.ts';
import { shortenedName } from './made-names.ts';

/** A table with the triggers and the history table by which the database keeps what its mixins promise. */
export function withWhatIsKept(
  structure: Omit<TableStructure, 'triggers'>,
  entity: EntityTable,
  definition: TableDefinition,
  engine: Engine,
): { structure: TableStructure; history: TableStructure | undefined; maintained: ReadonlyMap<string, MaintainedRole> } {
  const maintained = new Map(
    entity.columns.flatMap(({ name, maintained: role }) => (role === undefined ? [] : [[name, role] as const])),
  );
  const tracked = trackedColumns(entity, definition);
  const history = tracked && historyStructure(structure, entity, tracked, engine);
  if (maintained.size === 0) return { structure: { ...structure, triggers: [] }, history, maintained };
  if (history) refuseHiddenChanges(entity, engine);
  const table: MaintainedTable = {
    structure,
    roles: maintained,
    ...(history && tracked ? { history: { table: history.table, tracked } } : {}),
    triggerName: (purpose) => shortenedName([structure.table.name, '', purpose], engine),
  };
  return { structure: { ...structure, triggers: engine.triggersFor(table) }, history, maintained };
}

/** Changes that a relation makes run no triggers on every engine, and the history would not know of them. */
function refuseHiddenChanges(entity: EntityTable, engine: Engine): void {
  if (engine.cascadesFireTriggers) return;
  const isQuiet = (rule: string): boolean => rule === 'no action' || rule === 'restrict';
  const key = entity.foreignKeys.find(({ onDelete, onUpdate }) => !isQuiet(onDelete) || !isQuiet(onUpdate));
  if (!key) return;
  throw new DatakitError({
    code: 'DATAKIT_INVALID',
    message:
      `The history of "${entity.name}" would miss rows on this engine: its relation ${key.columns.join(', ')} has ` +
      `on delete ${key.onDelete}, on update ${key.onUpdate}, and no trigger runs for what a relation changes.`,
    hint: "Give the relation .deleteRule('no action').updateRule('no action').",
  });
}
