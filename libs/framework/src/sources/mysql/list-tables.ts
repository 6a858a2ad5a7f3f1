import type { Session } from '../../engines/session.ts';
import type { SourceTable } from '../source-connector.ts';
import { sourceColumn, type CatalogueColumn, type MysqlSourceColumn } from './source-column.ts';

interface TableRow extends Record<string, unknown> {
  readonly name: string;
  readonly estimatedRows: number | string | null;
}

interface ColumnRow extends Record<string, unknown>, Omit<CatalogueColumn, 'nullable' | 'isJson'> {
  readonly tableName: string;
  readonly nullable: number;
}

/** A table with what the server says of its columns. */
export interface MysqlSourceTable extends SourceTable {
  readonly columns: readonly MysqlSourceColumn[];
}

/** Tables and views of one database; the server's comparison takes names for equal that are not, so they are compared here. */
export async function listTables(
  session: Session,
  database: string,
  names?: readonly string[],
): Promise<MysqlSourceTable[]> {
  if (names?.length === 0) return [];
  const among = names ? ` and table_name in (${names.map(() => '?').join(', ')})` : '';
  const parameters = [database, ...(names ?? [])];
  const tables = await session.query<TableRow>(
    `select table_name as name, table_rows as estimatedRows from information_schema.tables
     where table_schema = ?${among} and table_type in ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED') order by table_name`,
    parameters,
  );
  const columns = await session.query<ColumnRow>(
    `select table_name as tableName, column_name as name, column_type as type, lower(data_type) as dataType,
       is_nullable = 'YES' as nullable, character_set_name as charset, character_maximum_length as length,
       numeric_precision as digits, numeric_scale as scale, datetime_precision as fraction
     from information_schema.columns where table_schema = ?${among} order by table_name, ordinal_position`,
    parameters,
  );
  const documents = await jsonColumns(session, database);
  const wanted = names && new Set(names);
  return tables
    .filter(({ name }) => wanted?.has(name) ?? true)
    .map(({ name, estimatedRows }) => ({
      name,
      columns: columns
        .filter(({ tableName }) => tableName === name)
        .map((column) => sourceColumn(toCatalogue(column, documents.has(`${name}\0${column.name}`)))),
      estimatedRows: estimatedRows === null ? undefined : Number(estimatedRows),
    }));
}

function toCatalogue({ tableName: _, ...column }: ColumnRow, isJson: boolean): CatalogueColumn {
  const number = (value: unknown): number | null => (value === null ? null : Number(value));
  return {
    ...column,
    nullable: Boolean(column.nullable),
    length: number(column.length),
    digits: number(column.digits),
    scale: number(column.scale),
    fraction: number(column.fraction),
    isJson,
  };
}

/** Columns that MariaDB's `json` made: their check says so. MySQL has a type for them and no such catalogue. */
async function jsonColumns(session: Session, database: string): Promise<Set<string>> {
  const [found] = await session.query<{ there: number }>(
    `select count(*) as there from information_schema.columns
     where table_schema = 'information_schema' and table_name = 'CHECK_CONSTRAINTS' and column_name = 'TABLE_NAME'`,
  );
  if (Number(found?.there ?? 0) === 0) return new Set();
  const rows = await session.query<{ tableName: string; clause: string }>(
    `select table_name as tableName, check_clause as clause from information_schema.check_constraints
     where constraint_schema = ? and check_clause like 'json_valid(%'`,
    [database],
  );
  return new Set(
    rows.flatMap(({ tableName, clause }) => {
      const column = /^json_valid\(`((?:[^`]|``)+)`\)$/i.exec(clause)?.[1];
      return column === undefined ? [] : [`${tableName}\0${column.replaceAll('``', '`')}`];
    }),
  );
}
