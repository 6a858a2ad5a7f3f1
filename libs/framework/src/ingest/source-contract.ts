import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import { bronzeExtraColumn } from '../model/bronze-extra.ts';
import { bronzeMetadataColumns } from '../model/bronze-metadata.ts';
import { formatColumnType, type ColumnType } from '../model/column-type.ts';
import type { Datakit } from '../model/datakit.ts';
import { isShortening, isWidening } from '../model/widening.ts';
import type { Finding } from '../report/run-report.ts';
import type { SourceColumn, SourceTable } from '../sources/source-connector.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';
import { modesOf, type TableModes } from './contract-modes.ts';
import type { SourceObject } from './find-source-tables.ts';
import { undeclaredColumn } from './contract-findings.ts';

/** One column to load: ours, and what the source calls it. */
export interface LoadColumn {
  readonly name: string;
  readonly from: string;
  readonly type: ColumnType;
  /** Declared so: what the target or a file cannot keep becomes null there. */
  readonly lossy: boolean;
  /** Every row has a value. */
  readonly required: boolean;
  /** Where the source has another type than the declared one, or none: its own, in which values are read to be judged. */
  readonly judgedAs?: ColumnType;
  /** The source can send the declared type all the same; a value that has no form there ends the load. */
  readonly isConverted?: boolean;
}

/** One table to load, agreed between source and entity. */
export interface TableContract {
  readonly table: ExpectedTable;
  readonly sourceTable: string;
  /** What is read instead of the table; undefined where it is the table. */
  readonly query: string | undefined;
  readonly columns: readonly LoadColumn[];
  /** Columns of the source that nobody declared and the contract has a use for. */
  readonly undeclared: readonly SourceColumn[];
  readonly modes: TableModes;
  readonly estimatedRows: number | undefined;
  /** Differences that the contract allows. */
  readonly findings: readonly Finding[];
}

/** Name of the source's table for one of ours. */
export function sourceTableName(table: ExpectedTable): string {
  return table.definition.options.source?.table ?? table.name;
}

/** What is read for one of our tables: a table of the source, or a query that has its name. */
export function sourceObject(table: ExpectedTable): SourceObject {
  return { name: sourceTableName(table), query: table.definition.options.source?.query };
}

/**
 * Compares what the source has with what the entities declare, before anything is loaded.
 *
 * @param source its tables; those that nobody declared are looked at by others
 * @param typed whether the source has checked its values; what an untyped one calls a text may be of any type
 * @throws SOURCE_TABLE_UNKNOWN naming every table that is missing
 * @throws CONTRACT naming every column that is missing, new, or of a type whose values would change, where the contract
 * does not say what to do with it
 */
export function agreeOnContract(
  datakit: Pick<Datakit, 'contract'>,
  tables: readonly ExpectedTable[],
  source: readonly SourceTable[],
  schema: string,
  typed: boolean,
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
  if (!typed) requireHeaders(tables, byName);
  const differences: string[] = [];
  const contracts = tables.map((table): TableContract => {
    const found = byName.get(sourceTableName(table)) as SourceTable;
    const modes = modesOf(table, datakit);
    const declared = loadColumns(table, found);
    const there = new Map(found.columns.map((column) => [column.name, column]));
    const columns = declared.map((column) => {
      const live = there.get(column.from);
      if (!live && found.sparse) return { ...column, judgedAs: { kind: 'text' } as const };
      if (!live) {
        differences.push(`${found.name}.${column.from}: declared ${formatColumnType(column.type)}, not in the source`);
        return column;
      }
      if (live.unreadable !== undefined) {
        differences.push(`${found.name}.${column.from}: ${live.unreadable}`);
        return column;
      }
      const isText = !typed && live.type.kind === 'text';
      const isConverted = live.readableAs?.(column.type) === true;
      const fits = isText || isKept(live.type, column);
      if (!fits && !isConverted && modes.types === 'freeze') {
        differences.push(
          `${found.name}.${column.from}: declared ${formatColumnType(column.type)}, the source has ${formatColumnType(live.type)}`,
        );
      }
      return typed && fits ? column : { ...column, judgedAs: live.type, isConverted };
    });
    const known = new Set(declared.map((column) => column.from));
    const unknown = found.columns.filter((column) => !known.has(column.name));
    if (modes.columns === 'freeze') {
      for (const column of unknown) {
        differences.push(`${found.name}.${column.name}: not declared, the source has ${formatColumnType(column.type)}`);
      }
    }
    return {
      table,
      sourceTable: found.name,
      query: table.definition.options.source?.query,
      columns,
      undeclared:
        modes.columns === 'evolve' || modes.columns === 'discard_row'
          ? unknown.filter(({ unreadable }) => unreadable === undefined)
          : [],
      modes,
      estimatedRows: found.estimatedRows,
      findings: unknown.map((column) => undeclaredColumn(table, column, modes.columns)),
    };
  });
  if (differences.length > 0) {
    throw new DatakitError({
      code: 'CONTRACT',
      message: `The source does not look as declared; nothing was loaded:\n${differences.map((difference) => `- ${difference}`).join('\n')}`,
      hint: 'Change the entity to what the source has now, then deploy and ingest again; or say in its contract what to do with such columns and values (docs/bad-rows.md).',
      details: { differences },
    });
  }
  return contracts;
}

/** What stands in the place of a header may be a row, whose values no message shows. @throws CONTRACT */
function requireHeaders(tables: readonly ExpectedTable[], byName: ReadonlyMap<string, SourceTable>): void {
  const headless = tables
    .map((table) => ({ table, found: byName.get(sourceTableName(table)) as SourceTable }))
    .filter(({ table, found }) => {
      const there = new Set(found.columns.map(({ name }) => name));
      return there.size > 0 && !found.sparse && !loadColumns(table, found).some(({ from }) => there.has(from));
    })
    .map(({ found }) => found.name);
  if (headless.length === 0) return;
  throw new DatakitError({
    code: 'CONTRACT',
    message: `The source has none of the declared columns of ${headless.join(', ')}; nothing was loaded.`,
    hint: 'Files without a header line say what their columns are: table(X, { source: { header: […] } }). A delimiter other than a comma is said in filesSource({ csv: { delimiter } }).',
    details: { tables: headless },
  });
}

/** What the database keeps itself is loaded only where the source has it, too. */
function loadColumns(table: ExpectedTable, found: SourceTable): LoadColumn[] {
  const there = new Set(found.columns.map(({ name }) => name));
  return columnsToLoad(table).filter(({ name, from }) => !table.maintained.has(name) || there.has(from));
}

/** The columns of a table that do not come from the load itself. */
export function columnsToLoad(table: ExpectedTable): LoadColumn[] {
  const renamed = Object.entries(table.definition.options.source?.columns ?? {});
  const sourceNames = new Map(renamed.map(([from, name]) => [name, from]));
  const { lossy = [] } = table.definition.options;
  const { gone } = table.load;
  const isOurs = (name: string): boolean =>
    (bronzeMetadataColumns as readonly string[]).includes(name) ||
    name === bronzeExtraColumn ||
    (typeof gone === 'object' && name === gone.mark);
  return table.columns
    .filter((column) => !isOurs(column.name))
    .map(({ name, type, nullable }) => ({
      name,
      from: sourceNames.get(name) ?? name,
      type,
      lossy: lossy.includes(name),
      required: !nullable || table.structure.primaryKey.includes(name),
    }));
}

function isKept(from: ColumnType, { type, lossy }: LoadColumn): boolean {
  return isWidening(from, type) || (lossy && isShortening(from, type));
}
