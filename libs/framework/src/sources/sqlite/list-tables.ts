import type { SqliteSession } from '../../engines/sqlite/connect.ts';
import { quote } from '../../engines/sqlite/quote.ts';
import type { SourceTable } from '../source-connector.ts';
import { sourceColumn } from './source-column.ts';

interface ColumnRow extends Record<string, unknown> {
  readonly tableName: string;
  readonly name: string;
  readonly declared: string;
  readonly required: number;
}

/** Tables and views of a file. */
export async function listTables(session: SqliteSession, names?: readonly string[]): Promise<SourceTable[]> {
  // 1 is a column that a virtual table hides.
  const rows = await session.query<ColumnRow>(
    `select t.name as tableName, c.name as name, c.type as declared, c."notnull" or c.pk > 0 as required
     from sqlite_schema t join pragma_table_xinfo(t.name) c
     where t.type in ('table', 'view') and t.name not like 'sqlite\\_%' escape '\\' and c.hidden <> 1
     order by t.name, c.cid`,
  );
  const wanted = names && new Set(names);
  const tables = new Map<string, ColumnRow[]>();
  for (const row of rows) {
    if (wanted?.has(row.tableName) ?? true) tables.set(row.tableName, [...(tables.get(row.tableName) ?? []), row]);
  }
  return [...tables].map(([name, columns]) => ({
    name,
    columns: columns.map((column) => sourceColumn({ ...column, nullable: !column.required })),
    estimatedRows: greatestRowid(session, name),
  }));
}

/** Found without reading the table; views and tables without numbered rows have none. */
function greatestRowid({ database }: SqliteSession, table: string): number | undefined {
  try {
    const row = database.prepare(`select max(_rowid_) as greatest from ${quote(table)}`).get();
    return Number(row?.['greatest'] ?? 0);
  } catch {
    return undefined;
  }
}
