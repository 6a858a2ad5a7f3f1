import type { Engine } from '../engines/engine.ts';
import type { EntityTable } from '../engines/entity-metadata.ts';
import type { ColumnStructure, TableStructure } from '../engines/table-structure.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { bronzeMetadataColumns } from '../model/bronze-metadata.ts';
import type { ColumnType } from '../model/column-type.ts';
import type { MaintainedRole } from '../model/maintained-columns.ts';
import type { TableDefinition } from '../model/table.ts';
import { namedCheck, shortenedName } from './made-names.ts';

/** Columns that a history table has beside those that it tracks. */
const ownColumns = ['history_id', 'effective_time', 'systime', 'operation_type'];

/** Ends the name of a history table. */
export const historySuffix = '__history';

/** The columns of which a temporal table keeps its earlier states; undefined for another table. @throws DATAKIT_INVALID */
export function trackedColumns(entity: EntityTable, { options }: TableDefinition): string[] | undefined {
  const exclude = options.history?.exclude ?? [];
  const isTemporal = entity.columns.some((column) => column.maintained === 'effective time');
  if (!isTemporal) {
    if (options.history === undefined) return undefined;
    throw invalid(entity, 'says how its history is kept, and has none', 'Spread temporalTable into its properties.');
  }
  const unknown = exclude.find((name) => !entity.columns.some((column) => column.name === name));
  if (unknown !== undefined) {
    throw invalid(entity, `excludes the column "${unknown}", which it does not have`, 'Correct history.exclude.');
  }
  const fixed = exclude.find((name) => entity.primaryKey.includes(name) || roleIn(entity, name) !== undefined);
  if (fixed !== undefined) {
    throw invalid(
      entity,
      `excludes "${fixed}", which is part of every history or of none`,
      'Leave out of history.exclude the primary key and the columns of mixins.',
    );
  }
  const untracked = new Set<string>([...bronzeMetadataColumns, ...exclude]);
  const neverTracked: readonly (MaintainedRole | undefined)[] = ['system time', 'update time'];
  const tracked = entity.columns
    .map(({ name }) => name)
    .filter((name) => !untracked.has(name) && !neverTracked.includes(roleIn(entity, name)));
  const taken = tracked.find((name) => ownColumns.includes(name) && roleIn(entity, name) !== 'effective time');
  if (taken === undefined) return tracked;
  throw invalid(entity, `has a column "${taken}", which its history has, too`, 'Give the column another name.');
}

/**
 * The table that keeps the states of another one. Tracked columns may be null: those that come later are null in earlier
 * states.
 */
export function historyStructure(
  of: Omit<TableStructure, 'triggers'>,
  entity: EntityTable,
  tracked: readonly string[],
  engine: Engine,
): TableStructure {
  const table = { ...of.table, name: `${of.table.name}${historySuffix}` };
  engine.checkIdentifier(table.name, 'table');
  const column = (name: string, type: ColumnType): ColumnStructure => {
    return { name, type: engine.columnType(type), nullable: false, default: null, identity: false };
  };
  const isContent = (name: string): boolean => tracked.includes(name) && roleIn(entity, name) !== 'effective time';
  return engine.shapeTable({
    table,
    columns: [
      { ...column('history_id', { kind: 'bigint' }), identity: engine.supportsIdentity },
      column('effective_time', { kind: 'timestamptz', precision: 6 }),
      column('systime', { kind: 'timestamptz', precision: 6 }),
      column('operation_type', { kind: 'varchar', length: 6 }),
      ...of.columns
        .filter(({ name }) => isContent(name))
        .map(({ name, type }) => ({ name, type, nullable: true, default: null, identity: false })),
    ],
    primaryKey: ['history_id'],
    indexes: [
      {
        name: shortenedName([table.name, ...of.primaryKey, 'index'], engine),
        columns: [...of.primaryKey, 'history_id'],
        unique: false,
        method: 'btree',
      },
    ],
    foreignKeys: [],
    checks: [
      namedCheck(
        `${table.name}_operation_type`,
        `${engine.quote('operation_type')} in ('INSERT', 'UPDATE', 'DELETE')`,
        engine,
      ),
    ],
    triggers: [],
    isHistory: true,
  });
}

function roleIn(entity: EntityTable, name: string): MaintainedRole | undefined {
  return entity.columns.find((column) => column.name === name)?.maintained;
}

function invalid(entity: EntityTable, what: string, hint: string): DatakitError {
  return new DatakitError({ code: 'DATAKIT_INVALID', message: `The table "${entity.name}" ${what}.`, hint });
}
