import { asDefault } from './column-types.ts';
import type { Session } from '../session.ts';
import type {
  CheckStructure,
  ForeignKeyStructure,
  IndexStructure,
  TableName,
  TableStructure,
} from '../table-structure.ts';
import { readTriggers } from './triggers.ts';

interface ColumnRow extends Record<string, unknown> {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
}

/** Reads those of the named tables that exist. */
export async function readTables(session: Session, tables: readonly TableName[]): Promise<TableStructure[]> {
  const wanted = JSON.stringify(tables.map((table) => table.name));
  const existing = await session.query<{ name: string; sql: string }>(
    `select name, sql from sqlite_schema where type = 'table' and name in (select value from json_each(?)) order by name`,
    [wanted],
  );
  const triggers = existing.length === 0 ? new Map<string, []>() : await readTriggers(session, wanted);
  return Promise.all(
    existing.map(async ({ name, sql }) => ({
      ...(await readTable(session, name, sql)),
      triggers: triggers.get(name) ?? [],
    })),
  );
}

async function readTable(session: Session, name: string, sql: string): Promise<Omit<TableStructure, 'triggers'>> {
  const columns = await session.query<ColumnRow>('select * from pragma_table_xinfo(?) order by cid', [name]);
  const keyColumns = columns.filter((column) => column.pk > 0).sort((a, b) => a.pk - b.pk);
  return {
    table: { name },
    columns: columns.map((column) => ({
      name: column.name,
      type: column.type.toLowerCase(),
      nullable: column.notnull === 0,
      default: column.dflt_value === null ? null : asDefault(column.dflt_value),
      identity: false,
    })),
    primaryKey: keyColumns.map((column) => column.name),
    indexes: await readIndexes(session, name),
    foreignKeys: await readForeignKeys(session, name),
    checks: readChecks(sql),
  };
}

async function readIndexes(session: Session, table: string): Promise<IndexStructure[]> {
  const rows = await session.query<{ name: string; unique: number; columns: string }>(
    `select l.name, l."unique",
       (select json_group_array(coalesce(i.name, '<expression>')) from (select * from pragma_index_info(l.name) order by seqno) i) as columns
     from pragma_index_list(?) l where l.origin <> 'pk' order by l.name`,
    [table],
  );
  return rows.map((row) => ({
    name: row.name,
    columns: JSON.parse(row.columns) as string[],
    unique: row.unique === 1,
    method: 'btree',
  }));
}

async function readForeignKeys(session: Session, table: string): Promise<ForeignKeyStructure[]> {
  const rows = await session.query<{
    id: number;
    table: string;
    from: string;
    to: string;
    on_update: string;
    on_delete: string;
  }>('select * from pragma_foreign_key_list(?) order by id, seq', [table]);
  return [...Map.groupBy(rows, (row) => row.id).values()].map((parts) => ({
    // SQLite does not keep names of foreign keys where a statement could use them.
    name: '',
    columns: parts.map((part) => part.from),
    references: { table: { name: parts[0]?.table ?? '' }, columns: parts.map((part) => part.to) },
    onDelete: parts[0]?.on_delete.toLowerCase() ?? 'no action',
    onUpdate: parts[0]?.on_update.toLowerCase() ?? 'no action',
  }));
}

/** Checks stand only in the text of the statement that made the table. */
function readChecks(sql: string): CheckStructure[] {
  return [...sql.matchAll(/constraint\s+"((?:[^"]|"")+)"\s+check\s*\(/gi)].map((match) => ({
    name: (match[1] ?? '').replaceAll('""', '"'),
    expression: untilClosed(sql.slice(match.index + match[0].length)),
  }));
}

/** The text up to the parenthesis that closes one opened before it. */
function untilClosed(text: string): string {
  let depth = 1;
  for (const token of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g)) {
    if (token[0] === '(') depth++;
    if (token[0] === ')' && --depth === 0) return text.slice(0, token.index);
  }
  return text;
}
