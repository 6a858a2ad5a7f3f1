import type { Session } from '../session.ts';
import type { ForeignKeyStructure, IndexStructure, TableName, TableStructure } from '../table-structure.ts';
import { liveDefault } from './column-defaults.ts';
import { withoutWidth } from './column-types.ts';
import type { Flavour } from './flavour.ts';

type Rows<Row> = ReadonlyMap<string, readonly (Row & { readonly tableName: string })[]>;

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly nullable: number;
  readonly text: string | null;
  readonly extra: string;
  readonly collation: string | null;
  readonly comment: string;
}

interface IndexRow {
  readonly name: string;
  readonly columnName: string | null;
  readonly isUnique: number;
  readonly method: string;
}

interface ForeignKeyRow {
  readonly name: string;
  readonly columnName: string;
  readonly parent: string;
  readonly parentColumn: string;
  readonly onDelete: string;
  readonly onUpdate: string;
}

const columnsQuery = `
  select c.table_name as tableName, c.column_name as name, c.column_type as type, c.is_nullable = 'YES' as nullable,
    c.column_default as text, c.extra as extra, c.collation_name as collation, c.column_comment as comment
  from information_schema.tables t join information_schema.columns c
    on c.table_schema = t.table_schema and c.table_name = t.table_name
  where t.table_schema = database() and t.table_name in (?) and c.table_schema = database() and c.table_name in (?)
    and t.table_type = 'BASE TABLE'
  order by c.table_name, c.ordinal_position`;

const indexesQuery = `
  select table_name as tableName, index_name as name, column_name as columnName, non_unique = 0 as isUnique,
    index_type as method
  from information_schema.statistics where table_schema = database() and table_name in (?)
  order by table_name, index_name, seq_in_index`;

const foreignKeysQuery = `
  select k.table_name as tableName, k.constraint_name as name, k.column_name as columnName,
    k.referenced_table_name as parent, k.referenced_column_name as parentColumn,
    lower(r.delete_rule) as onDelete, lower(r.update_rule) as onUpdate
  from information_schema.key_column_usage k join information_schema.referential_constraints r
    on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name and r.table_name = k.table_name
  where k.table_schema = database() and k.table_name in (?) and k.referenced_table_name is not null
    and r.constraint_schema = database() and r.table_name in (?)
  order by k.table_name, k.constraint_name, k.ordinal_position`;

/** Reads those of the named tables that exist. */
export async function readTables(
  session: Session,
  tables: readonly TableName[],
  flavour: Flavour,
): Promise<TableStructure[]> {
  if (tables.length === 0) return [];
  const names = [...new Set(tables.map(({ name }) => name))];
  const read = async <Row>(query: string): Promise<Rows<Row>> => {
    const marks = names.map(() => '?').join(', ');
    const lists = query.split('(?)').length - 1;
    const values = Array.from({ length: lists }, () => names).flat();
    const rows = await session.query(query.replaceAll('(?)', `(${marks})`), values);
    return Map.groupBy(rows as unknown as (Row & { tableName: string })[], ({ tableName }) => tableName);
  };
  const columns = await read<ColumnRow>(columnsQuery);
  if (columns.size === 0) return [];
  const indexes = await read<IndexRow>(indexesQuery);
  const foreignKeys = await read<ForeignKeyRow>(foreignKeysQuery);
  const checks = await read<{ name: string; expression: string }>(flavour.checksQuery);
  // Names of the catalogue compare without case; ours are letter for letter.
  return names.flatMap((name) => {
    const ofTable = columns.get(name);
    if (!ofTable) return [];
    const keys = toForeignKeys(foreignKeys.get(name) ?? []);
    const all = toIndexes(indexes.get(name) ?? []);
    return {
      table: { name },
      columns: ofTable.map((column) => toColumn(column, flavour)),
      primaryKey: all.find((index) => index.name === 'PRIMARY')?.columns ?? [],
      indexes: all.filter((index) => index.name !== 'PRIMARY' && !isMadeFor(keys, index)),
      foreignKeys: keys,
      checks: (checks.get(name) ?? []).map(({ name: check, expression }) => ({ name: check, expression })),
    };
  });
}

function toColumn({ name, type, nullable, text, extra, collation, comment }: ColumnRow, flavour: Flavour) {
  const foreign = collation === null || collation === flavour.collation ? '' : ` collate ${collation}`;
  const ownType = `${withoutWidth(type)}${foreign}`;
  return {
    name,
    type: ownType,
    nullable: nullable === 1,
    default: liveDefault(flavour.readDefault({ text, extra, type }), ownType, comment),
    identity: /\bauto_increment\b/i.test(extra),
  };
}

function toIndexes(rows: readonly IndexRow[]): IndexStructure[] {
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, parts]) => ({
    name,
    columns: parts.map(({ columnName }) => columnName ?? '<expression>'),
    unique: parts[0]?.isUnique === 1,
    method: parts[0]?.method.toLowerCase() ?? 'btree',
  }));
}

function toForeignKeys(rows: readonly ForeignKeyRow[]): ForeignKeyStructure[] {
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, parts]) => ({
    name,
    columns: parts.map(({ columnName }) => columnName),
    references: { table: { name: parts[0]?.parent ?? '' }, columns: parts.map(({ parentColumn }) => parentColumn) },
    onDelete: parts[0]?.onDelete ?? 'no action',
    onUpdate: parts[0]?.onUpdate ?? 'no action',
  }));
}

/** The server makes an index for a foreign key that has none, under its name; it belongs to the key. */
function isMadeFor(keys: readonly ForeignKeyStructure[], index: IndexStructure): boolean {
  return keys.some(({ name, columns }) => name === index.name && columns.join('\0') === index.columns.join('\0'));
}
