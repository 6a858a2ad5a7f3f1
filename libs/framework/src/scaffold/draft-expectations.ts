import type { ColumnDescription, ForeignKeyDescription, TableDescription } from '../engines/table-description.ts';
import type { DraftKey } from './draft-key.ts';
import type { TableNames } from './draft-names.ts';
import { textList, textLiteral } from './literal.ts';

/** One expectation as code, and the function that it calls. */
export interface ExpectationDraft {
  readonly kind: 'relationship' | 'acceptedValues';
  readonly code: string;
}

/** What a table of the same datakit is called, and its key. */
export interface DraftedTable extends TableNames {
  readonly key: DraftKey;
}

/** Relations and enums of the source are checked in bronze, not enforced. */
export function draftExpectations(
  { name, columns, foreignKeys }: TableDescription,
  tables: ReadonlyMap<string, DraftedTable>,
): ExpectationDraft[] {
  const propertyOf = (column: string): string => tables.get(name)?.columns.get(column)?.property ?? column;
  return [
    ...foreignKeys.flatMap((key) => relationship(key, tables, propertyOf)),
    ...columns.flatMap((column) => acceptedValues(column, propertyOf)),
  ];
}

/** A parent that the datakit does not have cannot be asked. */
function relationship(
  { columns, parent, parentColumns }: ForeignKeyDescription,
  tables: ReadonlyMap<string, DraftedTable>,
  propertyOf: (column: string) => string,
): ExpectationDraft[] {
  const drafted = tables.get(parent.name);
  if (!drafted) return [];
  const { className, key, columns: own } = drafted;
  const isKey = key.from === 'primary key' && key.columns.join('\0') === parentColumns.join('\0');
  const to = isKey ? '' : `, { to: ${oneOrMany(parentColumns.map((column) => own.get(column)?.property ?? column))} }`;
  return [{ kind: 'relationship', code: `relationship(${oneOrMany(columns.map(propertyOf))}, ${className}${to})` }];
}

function acceptedValues(
  { name, values }: ColumnDescription,
  propertyOf: (column: string) => string,
): ExpectationDraft[] {
  if (values === undefined || values.length === 0) return [];
  return [{ kind: 'acceptedValues', code: `acceptedValues(${textLiteral(propertyOf(name))}, ${textList(values)})` }];
}

function oneOrMany(names: readonly string[]): string {
  const [only] = names;
  return names.length === 1 && only !== undefined ? textLiteral(only) : textList(names);
}
