import { readEntities, type EntityTable } from '../engines/entity-metadata.ts';
import { bronzeMetadataColumns } from '../model/bronze-metadata.ts';
import type { ColumnType } from '../model/column-type.ts';
import type { Datakit } from '../model/datakit.ts';
import type { AnyEntity } from '../model/entity.ts';
import type { Expectation } from '../model/expectation.ts';
import { isTableDefinition, type TableDefinition } from '../model/table.ts';
import { chainDefault } from './column-default.ts';
import { propertyName } from './draft-names.ts';
import type { EntityDraft, PropertyDraft } from './entity-draft.ts';
import { textList, textLiteral } from './literal.ts';
import { entityFileName, snakeName, UniqueNames } from './names.ts';
import { propertyBuilder } from './property-builder.ts';

/** A silver table to write: its entity, and the query that fills it from bronze. */
export interface SilverDraft extends EntityDraft {
  /** What the bronze datakit exports. */
  readonly bronzeClass: string;
  /** The name of the constant that holds the query. */
  readonly buildName: string;
  /** `bronze.Placed At as placed_at`, in the order of the columns. */
  readonly selected: readonly string[];
}

interface Named {
  readonly definition: TableDefinition;
  readonly table: EntityTable;
  readonly className: string;
  readonly fileName: string;
  readonly tableName: string;
  /** Our property, by the property of bronze. */
  readonly properties: ReadonlyMap<string, string>;
}

/**
 * Drafts the silver tables of a bronze datakit: the same rows under names of one spelling (`Placed At` → `placed_at`), texts
 * without the source's limits, without what each load was, and a query for each.
 */
export function draftSilver(bronze: Datakit): SilverDraft[] {
  const definitions = bronze.tables.map((each) =>
    isTableDefinition(each) ? each : ({ kind: 'table', entity: each, options: {} } as TableDefinition),
  );
  const filled = definitions.filter(({ options }) => options.build?.kind !== 'view');
  const tables = readEntities(filled.map(({ entity }) => entity));
  const [files, names] = [new UniqueNames('-'), new UniqueNames('_')];
  const named = filled.map((definition, index): Named => {
    const table = tables[index] as EntityTable;
    return {
      definition,
      table,
      className: definition.entity.meta.className,
      fileName: files.take(entityFileName(table.name)),
      tableName: names.take(snakeName(table.name)),
      properties: nameProperties(table),
    };
  });
  const byEntity = new Map(named.map((each) => [each.definition.entity, each]));
  return named.map((each) => draftTable(each, byEntity));
}

function nameProperties({ columnsOfProperty }: EntityTable): ReadonlyMap<string, string> {
  const names = new UniqueNames('_');
  const kept = [...columnsOfProperty.keys()].filter((name) => !metadata.includes(name));
  return new Map(kept.map((name) => [name, names.take(snakeName(name))]));
}

const metadata: readonly string[] = bronzeMetadataColumns;

function draftTable(named: Named, byEntity: ReadonlyMap<AnyEntity, Named>): SilverDraft {
  const { table, definition, className, properties } = named;
  const [propertyOf, nameOf] = [
    new Map([...table.columnsOfProperty].map(([property, [column]]) => [column, property])),
    (property: string): string => propertyName(properties.get(property) ?? property),
  ];
  const ofColumns = (columns: readonly string[]): string[] =>
    columns.map((column) => nameOf(propertyOf.get(column) ?? column));
  const indexes = table.indexes.filter(({ columns }) =>
    columns.every((column) => properties.has(propertyOf.get(column) ?? '')),
  );
  const kept = [...properties];
  const inOrder = kept.map(([property]) => table.columnsOfProperty.get(property)?.[0] ?? property);
  const keyInOrder = inOrder.filter((column) => table.primaryKey.includes(column));
  const expectations = (definition.options.expect ?? []).flatMap((each) => printExpectation(each, nameOf, byEntity));
  const buildName = `${className.slice(0, 1).toLowerCase()}${className.slice(1)}Build`;
  return {
    className,
    fileName: named.fileName,
    tableName: named.tableName,
    notes: [],
    ...(keyInOrder.join('\0') === table.primaryKey.join('\0') ? {} : { primaryKeys: ofColumns(table.primaryKey) }),
    properties: kept.map(([property, name]) => draftProperty(table, property, name)),
    indexes: indexes.filter(({ unique }) => !unique).map(({ columns }) => ({ properties: ofColumns(columns) })),
    uniques: indexes.filter(({ unique }) => unique).map(({ columns }) => ({ properties: ofColumns(columns) })),
    options: [
      ...(definition.options.keyless ? ['keyless: true'] : []),
      ...(expectations.length === 0 ? [] : [`expect: [${expectations.map(({ code }) => code).join(', ')}]`]),
      `build: ${buildName}`,
    ],
    imports: [...new Set(expectations.map(({ kind }) => kind))],
    bronzeClass: className,
    buildName,
    selected: kept.map(([property]) => {
      const name = nameOf(property);
      return `bronze.${property}${name === property ? '' : ` as ${name}`}`;
    }),
  };
}

function draftProperty(table: EntityTable, property: string, name: string): PropertyDraft {
  const columnName = table.columnsOfProperty.get(property)?.[0];
  const column = table.columns.find((each) => each.name === columnName);
  if (!column) return { name, builder: 'p.text().nullable()', notes: [] };
  const type = withoutLimit(column.type);
  const isKey = table.primaryKey.includes(column.name);
  const chained = column.default === null ? '' : (chainDefault(column.default, type) ?? '');
  const builder = [propertyBuilder(type), isKey ? '.primary()' : '', column.nullable ? '.nullable()' : '', chained];
  const safe = propertyName(name);
  return { name: safe, ...(safe === name ? {} : { fieldName: name }), builder: builder.join(''), notes: [] };
}

/** A limit of the source is no promise to readers; blanks at the end of a char are none of its text. */
function withoutLimit(type: ColumnType): ColumnType {
  return type.kind === 'varchar' || type.kind === 'char' ? { kind: 'text' } : type;
}

/** Those that mean the same in silver; what holds SQL or is of bronze alone stays there. */
function printExpectation(
  expectation: Expectation,
  nameOf: (property: string) => string,
  byEntity: ReadonlyMap<AnyEntity, Named>,
): { kind: string; code: string }[] {
  const { kind, columns, where, severity } = expectation;
  if (where !== undefined || severity !== 'error') return [];
  const own = oneOrMany(columns.map(nameOf));
  if (kind === 'unique') return [{ kind, code: `unique(${own})` }];
  if (kind === 'acceptedValues' && expectation.values.every((value) => typeof value === 'string')) {
    return [{ kind, code: `acceptedValues(${own}, ${textList(expectation.values as string[])})` }];
  }
  if (kind !== 'relationship') return [];
  const parent = byEntity.get(expectation.parent);
  if (!parent || expectation.schema !== undefined) return [];
  const to = expectation.parentColumns?.map((column) => propertyName(parent.properties.get(column) ?? column));
  return [
    { kind, code: `relationship(${own}, ${parent.className}${to === undefined ? '' : `, { to: ${oneOrMany(to)} }`})` },
  ];
}

function oneOrMany(names: readonly string[]): string {
  const [only] = names;
  return names.length === 1 && only !== undefined ? textLiteral(only) : textList(names);
}
