import type { ColumnDescription, IndexDescription, TableDescription } from '../engines/table-description.ts';
import { chainDefault } from './column-default.ts';
import { draftExpectations, type DraftedTable } from './draft-expectations.ts';
import { draftKey, type DraftKey } from './draft-key.ts';
import { nameTables, type TableNames } from './draft-names.ts';
import type { EntityDraft, IndexDraft, PropertyDraft } from './entity-draft.ts';
import { propertyKey, textLiteral } from './literal.ts';
import { propertyBuilder } from './property-builder.ts';

/** Drafts the bronze entities of a source's tables. */
export function draftEntities(tables: readonly TableDescription[]): EntityDraft[] {
  const names = nameTables(tables);
  const drafted = new Map(
    tables.map((table) => [table.name, { ...(names.get(table.name) as TableNames), key: draftKey(table) }]),
  );
  return tables.map((table) => draftEntity(table, drafted));
}

function draftEntity(table: TableDescription, tables: ReadonlyMap<string, DraftedTable>): EntityDraft {
  const own = tables.get(table.name) as DraftedTable;
  const { key } = own;
  const indexes = usefulIndexes(table, key);
  const properties = table.columns.map((column) => draftProperty(column, own, key, indexes));
  const inOrder = table.columns.filter(({ name }) => key.columns.includes(name)).map(({ name }) => name);
  const isInOrder = inOrder.join('\0') === key.columns.join('\0');
  const propertyOf = (column: string): string => own.columns.get(column)?.property ?? column;
  const lists = indexes
    .filter((index) => !isOnProperty(index, key))
    .map((index) => draftIndex(index, indexes, propertyOf));
  const expectations = draftExpectations(table, tables);
  const options = [
    ...sourceOption(table, own),
    ...(key.from === 'nothing' ? ['keyless: true'] : []),
    ...(expectations.length === 0 ? [] : [`expect: [${expectations.map(({ code }) => code).join(', ')}]`]),
  ];
  return {
    className: own.className,
    fileName: own.fileName,
    tableName: own.tableName,
    ...(table.comment === undefined ? {} : { comment: table.comment }),
    notes: tableNotes(table, key),
    ...(isInOrder ? {} : { primaryKeys: key.columns.map(propertyOf) }),
    properties,
    indexes: lists.filter(({ unique }) => !unique).map(({ draft }) => draft),
    uniques: lists.filter(({ unique }) => unique).map(({ draft }) => draft),
    mixin: 'bronzeMetadata',
    options,
    imports: [...new Set(expectations.map(({ kind }) => kind))],
  };
}

function tableNotes({ otherIndexes }: TableDescription, key: DraftKey): string[] {
  const [only] = key.columns;
  return [
    ...(key.from === 'unique index' ? ['The source has no primary key; this is its unique index.'] : []),
    ...(key.from === 'nothing'
      ? [`The source has no key: MikroORM wants one, here ${only}, and the database gets none ("keyless").`]
      : []),
    ...(otherIndexes.length > 0
      ? [
          `Left in the source, because they are over expressions, parts of the rows, or types of its own: ${otherIndexes.join(', ')}.`,
        ]
      : []),
  ];
}

function draftProperty(
  { name, type, nullable, default: text, comment, note }: ColumnDescription,
  { columns }: TableNames,
  key: DraftKey,
  indexes: readonly IndexDescription[],
): PropertyDraft {
  const { property, column } = columns.get(name) ?? { property: name, column: name };
  const chained = text === undefined ? '' : chainDefault(text, type);
  const isKey = key.columns.includes(name);
  const simple = indexes.filter((index) => isOnProperty(index, key) && index.columns[0] === name);
  const builder = [
    propertyBuilder(type),
    isKey ? '.primary()' : '',
    nullable && (!isKey || key.from === 'nothing') ? '.nullable()' : '',
    chained ?? '',
    simple.some(({ unique }) => !unique) ? '.index()' : '',
    simple.some(({ unique }) => unique) ? '.unique()' : '',
    comment === undefined ? '' : `.comment(${textLiteral(comment)})`,
  ].join('');
  const notes = [
    ...(note === undefined ? [] : [note]),
    ...(chained === undefined ? [`The source has a default of its own: ${text}`] : []),
  ];
  return { name: property, ...(property === column ? {} : { fieldName: column }), builder, notes };
}

/** What its key already does is left out, and so is what is there twice. */
function usefulIndexes({ indexes }: TableDescription, key: DraftKey): IndexDescription[] {
  const same = (index: IndexDescription): string => [index.unique, index.method, ...index.columns].join('\0');
  const keyText = key.from === 'nothing' ? undefined : key.columns.join('\0');
  return indexes.filter((index, place) => {
    if (index.columns.join('\0') === keyText && index.method === 'btree') return false;
    return indexes.findIndex((other) => same(other) === same(index)) === place;
  });
}

/** A column's own index is written on its property; the ORM overlooks `unique()` on one that is part of the key. */
function isOnProperty({ columns, method, unique }: IndexDescription, key: DraftKey): boolean {
  const [first = ''] = columns;
  return columns.length === 1 && method === 'btree' && !(unique && key.columns.includes(first));
}

/** Names are made from the columns; of two indexes on the same ones, the second keeps its own. */
function draftIndex(
  index: IndexDescription,
  all: readonly IndexDescription[],
  propertyOf: (column: string) => string,
): { unique: boolean; draft: IndexDraft } {
  const { columns, unique, method, name } = index;
  const twin = all.find((other) => other.unique === unique && other.columns.join('\0') === columns.join('\0'));
  const draft = {
    properties: columns.map(propertyOf),
    ...(twin === index ? {} : { name }),
    ...(method === 'btree' ? {} : { method }),
  };
  return { unique, draft };
}

/** How the source names things, where we cannot. */
function sourceOption({ name }: TableDescription, own: TableNames): string[] {
  const renamed = [...own.columns].filter(([from, { column }]) => from !== column);
  const parts = [
    ...(own.tableName === name ? [] : [`table: ${textLiteral(name)}`]),
    ...(renamed.length === 0
      ? []
      : [
          `columns: { ${renamed.map(([from, { column }]) => `${propertyKey(from)}: ${textLiteral(column)}`).join(', ')} }`,
        ]),
  ];
  return parts.length === 0 ? [] : [`source: { ${parts.join(', ')} }`];
}
