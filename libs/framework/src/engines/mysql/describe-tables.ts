import type { Session } from '../session.ts';
import { plainColumn, type ColumnDescription, type NamedColumns, type TableDescription } from '../table-description.ts';
import { readTables } from './catalogue.ts';
import { isForeignComment } from './column-defaults.ts';
import type { Flavour } from './flavour.ts';
import { quote } from './quote.ts';

interface TableRow extends Record<string, unknown> {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

interface ColumnRow extends Record<string, unknown> {
  readonly tableName: string;
  readonly name: string;
  readonly type: string;
  readonly comment: string;
  readonly extra: string;
}

// What `catalogue.ts` does not compare; it has the rest.
const tablesQuery = `
  select table_name as name, table_type as type, table_comment as comment
  from information_schema.tables where table_schema = database()`;

const columnsQuery = `
  select table_name as tableName, column_name as name, column_type as type, column_comment as comment, extra as extra
  from information_schema.columns where table_schema = database()`;

/** Indexes over the beginning of a column: a unique one says nothing of the whole value. */
const prefixesQuery = `
  select distinct table_name as tableName, index_name as name
  from information_schema.statistics where table_schema = database() and sub_part is not null`;

/** Describes tables and views of a database, whose columns a connector has listed. */
export async function describeTables(
  session: Session,
  database: string,
  tables: readonly NamedColumns[],
  flavour: Flavour,
): Promise<TableDescription[]> {
  // A database that is not there cannot be used.
  if (tables.length === 0) return [];
  await session.execute(`use ${quote(database)}`);
  const rows = await session.query<TableRow>(tablesQuery);
  const columnRows = await session.query<ColumnRow>(columnsQuery);
  const prefixes = await session.query<{ tableName: string; name: string }>(prefixesQuery);
  const names = tables.map(({ name }) => ({ name }));
  const structures = await readTables(session, names, flavour);
  return tables.map(({ name, columns }) => {
    const row = rows.find((each) => each.name === name);
    const structure = structures.find(({ table }) => table.name === name);
    const ofTable = columnRows.filter(({ tableName }) => tableName === name);
    const isPlain = (index: { name: string; columns: readonly string[]; method: string }): boolean =>
      !index.columns.includes('<expression>') &&
      ['btree', 'hash'].includes(index.method) &&
      !prefixes.some((prefix) => prefix.tableName === name && prefix.name === index.name);
    const indexes = structure?.indexes ?? [];
    const isView = row?.type === 'VIEW';
    return {
      name,
      kind: isView ? 'view' : 'table',
      // A view's comment is the word VIEW.
      ...(row?.comment && !isView ? { comment: row.comment } : {}),
      columns: columns.map((column) => {
        const described = ofTable.find((each) => each.name === column.name);
        const text = structure?.columns.find((each) => each.name === column.name)?.default ?? undefined;
        return { ...plainColumn(column), ...(described ? details(described, text) : {}) };
      }),
      primaryKey: structure?.primaryKey ?? [],
      indexes: indexes.filter(isPlain).map((index) => ({ ...index, method: 'btree' })),
      otherIndexes: indexes.filter((index) => !isPlain(index)).map((index) => index.name),
      foreignKeys: (structure?.foreignKeys ?? []).map((key) => ({
        columns: key.columns,
        parent: { name: key.references.table.name },
        parentColumns: key.references.columns,
      })),
    };
  });
}

function details({ type, comment, extra }: ColumnRow, text: string | undefined): Partial<ColumnDescription> {
  const isGenerated = /\b(virtual|stored|persistent) generated\b|\b(virtual|stored|persistent)\b/i.test(extra);
  const list = /^(enum|set)\((.*)\)$/is.exec(type);
  const values = list?.[1]?.toLowerCase() === 'enum' ? valuesOf(list[2] ?? '') : undefined;
  const note = isGenerated
    ? 'The source computes it.'
    : list === null
      ? undefined
      : `The ${list[1]?.toLowerCase()} of the source, as its text.`;
  return {
    ...(isForeignComment(comment) ? { comment } : {}),
    ...(values === undefined ? {} : { values }),
    ...(note === undefined ? {} : { note }),
    ...(text === undefined || isGenerated || /^null$/i.test(text) ? {} : { default: text }),
  };
}

/** `'a','it''s'` → a, it's. */
function valuesOf(list: string): string[] {
  return [...list.matchAll(/'((?:[^']|'')*)'/gs)].map((match) => (match[1] ?? '').replaceAll("''", "'"));
}
