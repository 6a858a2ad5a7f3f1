import type { EngineStatement } from '../engine.ts';
import type { Session } from '../session.ts';
import type { Alteration, RenamedIndex, RenamedTable, StructureChange, TablePart } from '../structure-change.ts';
import type {
  ColumnStructure,
  ForeignKeyStructure,
  IndexStructure,
  TableName,
  TableStructure,
  ViewStructure,
} from '../table-structure.ts';
import { quote, quoteTable } from './quote.ts';

/** Writes one change in SQLite's SQL. What `alter table` cannot do becomes a rebuild of the table. */
export async function statementsFor(session: Session, change: StructureChange): Promise<EngineStatement[]> {
  switch (change.kind) {
    case 'create schema':
    case 'grant':
    case 'revoke':
      return [];
    case 'create table':
      return [
        { sql: createTable(change.table, change.table.table) },
        ...change.table.indexes.map((index) => ({ sql: createIndex(change.table.table, index) })),
        ...change.table.triggers.flatMap(({ create = [] }) => create).map((sql) => ({ sql })),
      ];
    case 'drop table':
      return [{ sql: `drop table ${quoteTable(change.table)}` }];
    case 'rename table':
      return renameTable(change);
    case 'create view':
      return [{ sql: createView(change.view) }];
    case 'replace view':
      return [{ sql: `drop view ${quoteTable(change.view.view)}` }, { sql: createView(change.view) }];
    case 'drop view':
      return [{ sql: `drop view ${quoteTable(change.view)}` }];
    case 'alter table':
      return change.parts.every(isPossibleInPlace)
        ? change.parts.flatMap((part) => alterInPlace(change.to.table, part).map((sql) => ({ sql, part })))
        : rebuild(session, change);
  }
}

/** Outside of the legacy mode, which rebuilds need, SQLite writes views, triggers and foreign keys anew. */
function renameTable({ from, to, columns, indexes }: RenamedTable & { indexes: readonly RenamedIndex[] }) {
  const rename = from.name === to.name ? [] : [`alter table ${quoteTable(from)} rename to ${quoteTable(to)}`];
  return [
    'pragma legacy_alter_table = off',
    ...rename,
    ...columns.map((each) => `alter table ${quoteTable(to)} rename column ${quote(each.from)} to ${quote(each.to)}`),
    'pragma legacy_alter_table = on',
    ...indexes.flatMap((each) => [`drop index ${quote(each.from.name)}`, createIndex(to, each.to)]),
  ].map((sql): EngineStatement => ({ sql }));
}

function createView({ view, query }: ViewStructure): string {
  return `create view ${quoteTable(view)} as\n${query}`;
}

function isPossibleInPlace(part: TablePart): boolean {
  if (['add index', 'drop index', 'add trigger', 'drop trigger'].includes(part.kind)) return true;
  return part.kind === 'add column' && part.column.nullable && part.column.default === null;
}

function alterInPlace(table: TableName, part: TablePart): string[] {
  switch (part.kind) {
    case 'add index':
      return [createIndex(table, part.index)];
    case 'drop index':
      return [`drop index ${quote(part.index.name)}`];
    case 'add column':
      return [`alter table ${quoteTable(table)} add column ${columnDefinition(part.column)}`];
    case 'add trigger':
      return [...(part.trigger.catchUp ?? []), ...(part.trigger.create ?? [])];
    case 'drop trigger':
      return [`drop trigger ${quote(part.trigger.name)}`];
    default:
      throw new TypeError(`${part.kind} needs a rebuild`);
  }
}

/**
 * Makes the table anew beside the old one, copies the rows, and puts it in the old one's place, with the indexes and
 * triggers that hung on it. Foreign keys are off meanwhile and checked before the commit (see `lock.ts`).
 *
 * @see https://www.sqlite.org/lang_altertable.html#otheralter
 */
async function rebuild(session: Session, change: Alteration): Promise<EngineStatement[]> {
  const { from, parts } = change;
  const to = withHandMade(change);
  const { table } = to;
  const rebuilt: TableName = { name: `${table.name}__rebuild` };
  const kept = to.columns.filter((column) => from.columns.some((old) => old.name === column.name));
  const names = kept.map((column) => quote(column.name)).join(', ');
  const hanging = await session.query<{ type: string; name: string; sql: string }>(
    `select type, name, sql from sqlite_schema where tbl_name = ? and type in ('index', 'trigger') and sql is not null`,
    [table.name],
  );
  const dropped = new Set(
    parts.flatMap((part) => {
      if (part.kind === 'drop index') return [`index ${part.index.name}`];
      return part.kind === 'drop trigger' ? [`trigger ${part.trigger.name}`] : [];
    }),
  );
  const added = parts.flatMap((part) => (part.kind === 'add index' ? [part.index] : []));
  return [
    createTable(to, rebuilt),
    `insert into ${quoteTable(rebuilt)} (${names}) select ${names} from ${quoteTable(table)}`,
    `drop table ${quoteTable(table)}`,
    `alter table ${quoteTable(rebuilt)} rename to ${quoteTable(table)}`,
    ...hanging.filter(({ type, name }) => !dropped.has(`${type} ${name}`)).map(({ sql }) => sql),
    ...added.map((index) => createIndex(table, index)),
    ...parts.flatMap((part) => (part.kind === 'add trigger' ? alterInPlace(table, part) : [])),
  ].map((sql) => ({ sql }));
}

/** The declared table with what somebody added to it by hand: only what a part drops may go. */
function withHandMade({ from, to, parts }: Alteration): TableStructure {
  const keyOf = (foreignKey: ForeignKeyStructure): string => foreignKey.columns.join('\0');
  const columns = new Set(to.columns.map((column) => column.name));
  const foreignKeys = new Set(to.foreignKeys.map(keyOf));
  const checks = new Set(to.checks.map((check) => check.name));
  for (const part of parts) {
    if (part.kind === 'drop column') columns.add(part.column.name);
    if (part.kind === 'drop foreign key') foreignKeys.add(keyOf(part.foreignKey));
    if (part.kind === 'drop check') checks.add(part.check.name);
  }
  return {
    ...to,
    columns: [...to.columns, ...from.columns.filter((column) => !columns.has(column.name))],
    foreignKeys: [...to.foreignKeys, ...from.foreignKeys.filter((foreignKey) => !foreignKeys.has(keyOf(foreignKey)))],
    checks: [...to.checks, ...from.checks.filter((check) => !checks.has(check.name))],
  };
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
