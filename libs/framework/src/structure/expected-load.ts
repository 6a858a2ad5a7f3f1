import type { EntityTable } from '../engines/entity-metadata.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import { bronzeMetadataColumns } from '../model/bronze-metadata.ts';
import { dispositions, nullCursorPolicies, type Disposition, type NullCursorPolicy } from '../model/load-options.ts';
import { parseCursorLag, type CursorLag } from '../model/cursor-lag.ts';
import { canBeCursor } from '../model/cursor-range.ts';
import { formatColumnType, type ColumnType } from '../model/column-type.ts';
import type { TableDefinition } from '../model/table.ts';

/** How the rows of a table are loaded, checked and with what is not said filled in. */
export interface ExpectedLoad {
  readonly disposition: Disposition;
  /** By which rows are known again; empty where the table has no primary key and nothing is said. */
  readonly key: readonly string[];
  readonly gone: 'keep' | 'delete' | { readonly mark: string };
  readonly cursor: ExpectedCursor | undefined;
}

/** The column by which changes are found. */
export interface ExpectedCursor {
  readonly column: string;
  readonly type: ColumnType;
  readonly lag: CursorLag | undefined;
  readonly nulls: NullCursorPolicy;
  readonly batchRows: number | undefined;
}

/** @throws DATAKIT_INVALID for what no load could do */
export function expectedLoad(definition: TableDefinition, entity: EntityTable): ExpectedLoad {
  const { load = {} } = definition.options;
  const { disposition = 'replace', gone = 'keep' } = load;
  const key = load.key ?? entity.primaryKey;
  if (!dispositions.includes(disposition)) {
    throw invalid(entity, `has the disposition "${String(disposition)}"`, suggestName(disposition, dispositions));
  }
  for (const name of key) {
    if (columnOf(entity, name, 'load.key').nullable) {
      throw invalid(entity, `has the nullable column "${name}" in its load.key`, 'No row is known again by a null.');
    }
  }
  if (load.key && key.length === 0)
    throw invalid(entity, 'has an empty load.key', 'Name its columns, or leave it out.');
  if (disposition === 'merge' && key.length === 0) {
    throw invalid(
      entity,
      'merges its rows, and nothing says which rows are the same',
      'Add load: { key: […] }, or give the entity a primary key.',
    );
  }
  if (disposition !== 'merge' && gone !== 'keep') {
    throw invalid(
      entity,
      `says what becomes of rows that are gone, and its disposition is ${disposition}`,
      'load.gone belongs to merge: replace removes such rows, append leaves them.',
    );
  }
  if (typeof gone === 'object') checkMark(entity, gone.mark, [...key, ...entity.primaryKey, load.cursor?.column ?? '']);
  return { disposition, key, gone, cursor: load.cursor && expectedCursor(definition, entity, disposition) };
}

function expectedCursor(
  { options: { load, lossy = [] } }: TableDefinition,
  entity: EntityTable,
  disposition: Disposition,
): ExpectedCursor {
  const { column: name = '', lag, nulls = 'error', batchRows } = load?.cursor ?? {};
  const { type } = columnOf(entity, name, 'load.cursor.column');
  if (disposition === 'replace') {
    throw invalid(
      entity,
      'has a cursor, and replaces its rows',
      'What changed since the last load cannot take the place of all rows: say disposition merge or append.',
    );
  }
  if ((bronzeMetadataColumns as readonly string[]).includes(name)) {
    throw invalid(entity, `has the cursor "${name}", which the source does not have`, 'Take a column of the source.');
  }
  if (!canBeCursor(type)) {
    throw invalid(
      entity,
      `has the cursor "${name}" of type ${formatColumnType(type)}, whose values have no one order and exact text`,
      'Take a whole number, numeric, a date or time stamp, text or a UUID of version 7.',
    );
  }
  if (lossy.includes(name)) {
    throw invalid(
      entity,
      `has the cursor "${name}", which is lossy`,
      'A rounded cursor would miss rows: keep it exact.',
    );
  }
  if (!nullCursorPolicies.includes(nulls)) {
    throw invalid(entity, `has cursor.nulls "${String(nulls)}"`, suggestName(nulls, nullCursorPolicies));
  }
  if (batchRows !== undefined && !(Number.isSafeInteger(batchRows) && batchRows > 0)) {
    throw invalid(entity, 'has cursor.batchRows that is no number of rows', 'Write a whole number from 1 on.');
  }
  const parsed = lag === undefined ? undefined : parseCursorLag(lag, type);
  if (lag !== undefined && parsed === undefined) {
    throw invalid(
      entity,
      `has cursor.lag "${lag}", which no ${formatColumnType(type)} can go back by`,
      'Write "5 minutes" or "2 days" for times, whole days for dates, a number for numbers; texts and UUIDs have none.',
    );
  }
  return { column: name, type, lag: parsed, nulls, batchRows };
}

function checkMark(entity: EntityTable, name: string, taken: readonly string[]): void {
  const column = columnOf(entity, name, 'load.gone.mark');
  if (column.type.kind === 'timestamptz' && column.nullable && !column.maintained && !taken.includes(name)) return;
  throw invalid(
    entity,
    `marks rows that are gone in "${name}", which cannot be used for that`,
    'Take a column of its own: p.datetime(6).nullable().',
  );
}

function columnOf(entity: EntityTable, name: string, where: string): EntityTable['columns'][number] {
  const column = entity.columns.find((each) => each.name === name);
  if (column) return column;
  const known = entity.columns.map((each) => each.name);
  throw invalid(entity, `names the column "${name}" in ${where}, which it does not have`, suggestName(name, known));
}

function invalid(entity: EntityTable, what: string, hint: string): DatakitError {
  return new DatakitError({ code: 'DATAKIT_INVALID', message: `The table "${entity.name}" ${what}.`, hint });
}
