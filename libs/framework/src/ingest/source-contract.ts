import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import { bronzeMetadataColumns } from '../model/bronze-metadata.ts';
import { formatColumnType, type ColumnType } from '../model/column-type.ts';
import { isShortening, isWidening } from '../model/widening.ts';
import type { SourceTable } from '../sources/source-connector.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';

/** One column to load: ours, and what the source calls it. */
export interface LoadColumn {
  readonly name: string;
  readonly from: string;
  readonly type: ColumnType;
  /** Declared so: what the target or a file cannot keep becomes null there. */
  readonly lossy: boolean;
}

/** One table to load, agreed between source and entity. */
export interface TableContract {
  readonly table: ExpectedTable;
  readonly sourceTable: string;
  readonly columns: readonly LoadColumn[];
  readonly estimatedRows: number | undefined;
}

/** Name of the source's table for one of ours. */
export function sourceTableName(table: ExpectedTable): string {
  return table.definition.options.source?.table ?? table.name;
}

/**
 * Compares what the source has with what the entities declare, before anything is loaded.
 *
 * @throws SOURCE_TABLE_UNKNOWN naming every table that is missing
 * @throws CONTRACT naming every column that is missing, new, or of a type whose values would change
 */
export function agreeOnContract(
  tables: readonly ExpectedTable[],
  source: readonly SourceTable[],
  schema: string,
): TableContract[] {
  const byName = new Map(source.map((table) => [table.name, table]));
  const missing = tables.map(sourceTableName).filter((name) => !byName.has(name));
  if (missing.length > 0) {
    throw new DatakitError({
      code: 'SOURCE_TABLE_UNKNOWN',
      message: `The source has no table ${missing.map((name) => `${schema}.${name}`).join(', ')}, or the user may not read it.`,
      hint: `Check the schema and the user's rights${source.length > 0 ? `. ${suggestName(missing[0] ?? '', [...byName.keys()])}` : '; nothing else is visible there either.'}`,
      details: { tables: missing },
    });
  }
  const differences: string[] = [];
  const contracts = tables.map((table) => {
    const found = byName.get(sourceTableName(table)) as SourceTable;
    const columns = loadColumns(table, found);
    differences.push(...compareColumns(found, columns));
    return { table, sourceTable: found.name, columns, estimatedRows: found.estimatedRows };
  });
  if (differences.length > 0) {
    throw new DatakitError({
      code: 'CONTRACT',
      message: `The source does not look as declared; nothing was loaded:\n${differences.map((difference) => `- ${difference}`).join('\n')}`,
      hint: 'Change the entity to what the source has now, then deploy and ingest again.',
      details: { differences },
    });
  }
  return contracts;
}

/** What the database keeps itself is loaded only where the source has it, too. */
function loadColumns(table: ExpectedTable, found: SourceTable): LoadColumn[] {
  const renamed = Object.entries(table.definition.options.source?.columns ?? {});
  const sourceNames = new Map(renamed.map(([from, name]) => [name, from]));
  const { lossy = [] } = table.definition.options;
  const { gone } = table.load;
  const isMetadata = (name: string): boolean =>
    (bronzeMetadataColumns as readonly string[]).includes(name) || (typeof gone === 'object' && name === gone.mark);
  const there = new Set(found.columns.map(({ name }) => name));
  return table.columns
    .filter((column) => !isMetadata(column.name))
    .map(({ name, type }) => ({ name, from: sourceNames.get(name) ?? name, type, lossy: lossy.includes(name) }))
    .filter(({ name, from }) => !table.maintained.has(name) || there.has(from));
}

function compareColumns(found: SourceTable, declared: readonly LoadColumn[]): string[] {
  const there = new Map(found.columns.map((column) => [column.name, column]));
  const known = new Set(declared.map((column) => column.from));
  return [
    ...declared.flatMap((column) => {
      const live = there.get(column.from);
      if (!live) return [`${found.name}.${column.from}: declared ${formatColumnType(column.type)}, not in the source`];
      if (live.unreadable !== undefined) return [`${found.name}.${column.from}: ${live.unreadable}`];
      if (isWidening(live.type, column.type) || live.readableAs?.(column.type)) return [];
      if (column.lossy && isShortening(live.type, column.type)) return [];
      return [
        `${found.name}.${column.from}: declared ${formatColumnType(column.type)}, the source has ${formatColumnType(live.type)}`,
      ];
    }),
    ...found.columns
      .filter((column) => !known.has(column.name))
      .map((column) => `${found.name}.${column.name}: not declared, the source has ${formatColumnType(column.type)}`),
  ];
}
