import type { ColumnType } from '../../model/column-type.ts';
import type { Session } from '../session.ts';
import { plainColumn, type NamedColumns, type TableDescription } from '../table-description.ts';
import { readTables } from './catalogue.ts';

interface ColumnRow extends Record<string, unknown> {
  readonly tableName: string;
  readonly name: string;
  /** 2 and 3: computed. */
  readonly hidden: number;
}

const columnsQuery = `
  select t.name as tableName, c.name as name, c.hidden as hidden
  from sqlite_schema t join pragma_table_xinfo(t.name) c where t.type in ('table', 'view') and c.hidden > 1`;

const partialQuery = `
  select t.name as tableName, i.name as name
  from sqlite_schema t join pragma_index_list(t.name) i where t.type = 'table' and i.partial = 1`;

/** Describes tables and views of a file, whose columns a connector has listed. */
export async function describeTables(session: Session, tables: readonly NamedColumns[]): Promise<TableDescription[]> {
  const names = tables.map(({ name }) => ({ name }));
  const structures = await readTables(session, names);
  const computed = await session.query<ColumnRow>(columnsQuery);
  const partial = await session.query<{ tableName: string; name: string }>(partialQuery);
  return tables.map(({ name, columns }) => {
    const structure = structures.find(({ table }) => table.name === name);
    const indexes = structure?.indexes ?? [];
    const isPlain = (index: { name: string; columns: readonly string[] }): boolean =>
      !index.columns.includes('<expression>') &&
      !partial.some((each) => each.tableName === name && each.name === index.name);
    return {
      name,
      kind: structure === undefined ? 'view' : 'table',
      columns: columns.map((column) => {
        const isComputed = computed.some((each) => each.tableName === name && each.name === column.name);
        const text = structure?.columns.find((each) => each.name === column.name)?.default ?? undefined;
        return {
          ...plainColumn({ ...column, type: heldType(column.type) }),
          ...(isComputed ? { note: 'The source computes it.' } : {}),
          ...(text === undefined || isComputed ? {} : { default: text }),
        };
      }),
      primaryKey: structure?.primaryKey ?? [],
      indexes: indexes.filter(isPlain),
      otherIndexes: indexes.filter((index) => !isPlain(index)).map((index) => index.name),
      foreignKeys: (structure?.foreignKeys ?? []).map(({ columns: own, references }) => {
        const parent = structures.find(({ table }) => table.name === references.table.name);
        // A reference that names no column means the key.
        const isNamed = references.columns.every((column) => typeof column === 'string');
        return {
          columns: own,
          parent: references.table,
          parentColumns: isNamed ? references.columns : (parent?.primaryKey ?? []),
        };
      }),
    };
  });
}

/** SQLite keeps neither to the size of a number nor to the length of a text, whatever was declared. */
function heldType(type: ColumnType): ColumnType {
  switch (type.kind) {
    case 'smallint':
    case 'integer':
      return { kind: 'bigint' };
    case 'varchar':
    case 'char':
      return { kind: 'text' };
    case 'numeric':
      return { kind: 'numeric' };
    default:
      return type;
  }
}
