import type { EngineStatement } from '../engine.ts';
import type { Session } from '../session.ts';
import type { StructureChange, TablePart } from '../structure-change.ts';
import type { ColumnStructure, IndexStructure, TableName, TableStructure } from '../table-structure.ts';
import { quote, quoteTable } from './quote.ts';

/** Writes one change in SQLite's SQL. What `alter table` cannot do becomes a rebuild of the table. */
export async function statementsFor(session: Session, change: StructureChange): Promise<EngineStatement[]> {
  switch (change.kind) {
    case 'create schema':
      return [];
    case 'create table':
      return [
        { sql: createTable(change.table, change.table.table) },
        ...change.table.indexes.map((index) => ({ sql: createIndex(change.table.table, index) })),
      ];
    case 'drop table':
      return [{ sql: `drop table ${quoteTable(change.table)}` }];
    case 'alter table':
      return change.parts.every(isPossibleInPlace)
        ? change.parts.map((part) => ({ sql: alterInPlace(change.to.table, part), part }))
        : rebuild(session, change.from, change.to);
  }
}

function isPossibleInPlace(part: TablePart): boolean {
  if (part.kind === 'add index' || part.kind === 'drop index') return true;
  return part.kind === 'add column' && part.column.nullable && part.column.default === null;
}

function alterInPlace(table: TableName, part: TablePart): string {
  if (part.kind === 'add index') return createIndex(table, part.index);
  if (part.kind === 'drop index') return `drop index ${quote(part.index.name)}`;
  if (part.kind === 'add column') return `alter table ${quoteTable(table)} add column ${columnDefinition(part.column)}`;
  throw new TypeError(`${part.kind} needs a rebuild`);
}

/**
 * Makes the table anew beside the old one, copies the rows, and puts it in the old one's place, with the indexes and
 * triggers that hung on it. Foreign keys are off meanwhile and checked before the commit (see `lock.ts`).
 *
 * @see https://www.sqlite.org/lang_altertable.html#otheralter
 */
async function rebuild(session: Session, from: TableStructure, to: TableStructure): Promise<EngineStatement[]> {
  const { table } = to;
  const rebuilt: TableName = { name: `${table.name}__rebuild` };
  const kept = to.columns.filter((column) => from.columns.some((old) => old.name === column.name));
  const names = kept.map((column) => quote(column.name)).join(', ');
  const hanging = await session.query<{ type: string; name: string; sql: string }>(
    `select type, name, sql from sqlite_schema where tbl_name = ? and type in ('index', 'trigger') and sql is not null`,
    [table.name],
  );
  const known = new Set([...from.indexes, ...to.indexes].map((index) => index.name));
  const wanted = new Set(to.indexes.map((index) => index.name));
  const restored = hanging.filter((object) => object.type === 'trigger' || !known.has(object.name) || wanted.has(object.name));
  const restoredNames = new Set(restored.map((object) => object.name));
  return [
    createTable(to, rebuilt),
    `insert into ${quoteTable(rebuilt)} (${names}) select ${names} from ${quoteTable(table)}`,
    `drop table ${quoteTable(table)}`,
    `alter table ${quoteTable(rebuilt)} rename to ${quoteTable(table)}`,
    ...restored.map((object) => object.sql),
    ...to.indexes.filter((index) => !restoredNames.has(index.name)).map((index) => createIndex(table, index)),
  ].map((sql) => ({ sql }));
}

function createTable(structure: TableStructure, name: TableName): string {
  const lines = structure.columns.map(columnDefinition);
  if (structure.primaryKey.length > 0) lines.push(`primary key (${columnList(structure.primaryKey)})`);
  for (const check of structure.checks) lines.push(`constraint ${quote(check.name)} check (${check.expression})`);
  for (const { columns, references, onDelete, onUpdate } of structure.foreignKeys) {
    lines.push(
      `foreign key (${columnList(columns)}) references ${quoteTable(references.table)} (${columnList(references.columns)}) ` +
        `on delete ${onDelete} on update ${onUpdate}`,
    );
  }
  return `create table ${quoteTable(name)} (\n  ${lines.join(',\n  ')}\n)`;
}

function columnDefinition(column: ColumnStructure): string {
  const words = [quote(column.name), column.type];
  if (column.default !== null) words.push(`default ${column.default}`);
  if (!column.nullable) words.push('not null');
  return words.join(' ');
}

function createIndex(table: TableName, index: IndexStructure): string {
  return `create ${index.unique ? 'unique ' : ''}index ${quote(index.name)} on ${quoteTable(table)} (${columnList(index.columns)})`;
}

function columnList(columns: readonly string[]): string {
  return columns.map(quote).join(', ');
}
