import type { EngineStatement } from '../engine.ts';
import type { Session } from '../session.ts';
import type { Alteration, RenamedIndex, RenamedTable, StructureChange, TablePart } from '../structure-change.ts';
import type {
  ColumnStructure,
  ForeignKeyStructure,
  IndexStructure,
  TableName,
  TableStructure,
} from '../table-structure.ts';
import { builtConcurrently, isBigTable } from './concurrent-index.ts';
import { grantStatement } from './grants.ts';
import { quote, quoteTable } from './quote.ts';
import { dropTrigger, dropTriggerFunctions } from './triggers.ts';

/** Writes one change in PostgreSQL's SQL. */
export async function statementsFor(session: Session, change: StructureChange): Promise<EngineStatement[]> {
  switch (change.kind) {
    case 'create schema':
      return [{ sql: `create schema if not exists ${quote(change.schema)}` }];
    case 'create table':
      return createTable(change.table);
    case 'drop table':
      return dropTable(session, change.table);
    case 'rename table':
      return renameTable(change);
    case 'grant':
    case 'revoke':
      return [{ sql: grantStatement(change.kind, change.grant) }];
    case 'create view':
      return [{ sql: `create view ${quoteTable(change.view.view)} as\n${change.view.query}` }];
    case 'replace view':
      return [{ sql: `create or replace view ${quoteTable(change.view.view)} as\n${change.view.query}` }];
    case 'drop view':
      return [{ sql: `drop view ${quoteTable(change.view)}` }];
    case 'alter table':
      return alterTable(session, change);
  }
}

function createTable(structure: TableStructure): EngineStatement[] {
  const { table } = structure;
  const lines = structure.columns.map(columnDefinition);
  if (structure.primaryKey.length > 0) lines.push(`primary key (${columnList(structure.primaryKey)})`);
  for (const check of structure.checks) lines.push(`constraint ${quote(check.name)} check (${check.expression})`);
  return [
    { sql: `create table ${quoteTable(table)} (\n  ${lines.join(',\n  ')}\n)` },
    ...structure.indexes.map((index) => ({ sql: createIndex(table, index) })),
    ...structure.triggers.flatMap(({ create = [] }) => create).map((sql) => ({ sql })),
    ...structure.foreignKeys.map((foreignKey) => ({ sql: addForeignKey(table, foreignKey), last: true })),
  ];
}

/** Relations between tables that go may point in circles, so they go before any table. */
async function dropTable(session: Session, table: TableName): Promise<EngineStatement[]> {
  const keys = await session.query<{ name: string }>(
    `select conname as name from pg_constraint where contype = 'f' and conparentid = 0 and conrelid = to_regclass(?) order by conname`,
    [quoteTable(table)],
  );
  return [
    ...keys.map(({ name }) => ({
      sql: `alter table ${quoteTable(table)} drop constraint ${quote(name)}`,
      first: true,
    })),
    { sql: `drop table ${quoteTable(table)}` },
    ...(await dropTriggerFunctions(session, table)).map((sql) => ({ sql })),
  ];
}

/** Views, foreign keys and triggers know tables and columns by number. */
function renameTable({ from, to, columns, indexes }: RenamedTable & { indexes: readonly RenamedIndex[] }) {
  const rename = from.name === to.name ? [] : [`alter table ${quoteTable(from)} rename to ${quote(to.name)}`];
  return [
    ...rename,
    ...columns.map((each) => `alter table ${quoteTable(to)} rename column ${quote(each.from)} to ${quote(each.to)}`),
    ...indexes.map(
      (each) => `alter index ${quoteTable({ ...to, name: each.from.name })} rename to ${quote(each.to.name)}`,
    ),
  ].map((sql): EngineStatement => ({ sql }));
}

async function alterTable(session: Session, change: Alteration): Promise<EngineStatement[]> {
  const { table } = change.to;
  const isBig = change.parts.some(({ kind }) => kind === 'add index') && (await isBigTable(session, change.from.table));
  const statements: EngineStatement[] = [];
  for (const part of change.parts) {
    const own =
      part.kind === 'change primary key' ? await changePrimaryKey(session, table, part) : alterPart(table, part);
    const standalone =
      isBig && part.kind === 'add index'
        ? builtConcurrently(change, part.index, (concurrently) => createIndex(table, part.index, concurrently))
        : undefined;
    statements.push(...own.map((each) => ({ ...each, part, ...(standalone ? { standalone } : {}) })));
  }
  return statements;
}

type PrimaryKeyPart = Extract<TablePart, { kind: 'change primary key' }>;

async function changePrimaryKey(session: Session, table: TableName, part: PrimaryKeyPart): Promise<EngineStatement[]> {
  const alter = `alter table ${quoteTable(table)}`;
  const [live] = await session.query<{ name: string }>(
    `select k.conname as name from pg_constraint k where k.contype = 'p' and k.conrelid = to_regclass(?)`,
    [quoteTable(table)],
  );
  return [
    ...(live ? [{ sql: `${alter} drop constraint ${quote(live.name)}` }] : []),
    ...(part.to.length > 0 ? [{ sql: `${alter} add primary key (${columnList(part.to)})` }] : []),
  ];
}

function alterPart(table: TableName, part: Exclude<TablePart, PrimaryKeyPart>): EngineStatement[] {
  const alter = `alter table ${quoteTable(table)}`;
  switch (part.kind) {
    case 'add column':
      return [{ sql: `${alter} add column ${columnDefinition(part.column)}` }];
    case 'drop column':
      return [{ sql: `${alter} drop column ${quote(part.column.name)}` }];
    case 'change type': {
      // The default of the old type may have no meaning in the new one, so it goes and the new one comes.
      const column = `alter column ${quote(part.to.name)}`;
      const drop = part.from.default === null ? '' : `${column} drop default, `;
      const set = part.to.default === null ? '' : `, ${column} set default ${part.to.default}`;
      return [
        { sql: `${alter} ${drop}${column} type ${part.to.type} using ${quote(part.to.name)}::${part.to.type}${set}` },
      ];
    }
    case 'change nullability':
      return [{ sql: `${alter} alter column ${quote(part.to.name)} ${part.to.nullable ? 'drop' : 'set'} not null` }];
    case 'change default': {
      const change = part.to.default === null ? 'drop default' : `set default ${part.to.default}`;
      return [{ sql: `${alter} alter column ${quote(part.to.name)} ${change}` }];
    }
    case 'change identity': {
      const change = part.to.identity ? 'add generated by default as identity' : 'drop identity';
      return [{ sql: `${alter} alter column ${quote(part.to.name)} ${change}` }];
    }
    case 'add index':
      return [{ sql: createIndex(table, part.index) }];
    case 'drop index':
      return [{ sql: `drop index ${quoteTable({ ...table, name: part.index.name })}` }];
    case 'add foreign key':
      return [{ sql: addForeignKey(table, part.foreignKey), last: true }];
    case 'drop foreign key':
      return [{ sql: `${alter} drop constraint ${quote(part.foreignKey.name)}`, first: true }];
    case 'add check':
      return [{ sql: `${alter} add constraint ${quote(part.check.name)} check (${part.check.expression})` }];
    case 'drop check':
      return [{ sql: `${alter} drop constraint ${quote(part.check.name)}` }];
    case 'add trigger':
      return [...(part.trigger.catchUp ?? []), ...(part.trigger.create ?? [])].map((sql) => ({ sql }));
    case 'drop trigger':
      return dropTrigger(table, part.trigger).map((sql) => ({ sql }));
  }
}

function columnDefinition(column: ColumnStructure): string {
  const words = [quote(column.name), column.type];
  if (column.identity) words.push('generated by default as identity');
  if (column.default !== null) words.push(`default ${column.default}`);
  if (!column.nullable) words.push('not null');
  return words.join(' ');
}

function createIndex(table: TableName, index: IndexStructure, concurrently = false): string {
  const using = index.method === 'btree' ? '' : ` using ${quote(index.method)}`;
  const how = `${index.unique ? 'unique ' : ''}index${concurrently ? ' concurrently' : ''}`;
  return `create ${how} ${quote(index.name)} on ${quoteTable(table)}${using} (${columnList(index.columns)})`;
}

function addForeignKey(table: TableName, foreignKey: ForeignKeyStructure): string {
  const { references } = foreignKey;
  return (
    `alter table ${quoteTable(table)} add constraint ${quote(foreignKey.name)} foreign key (${columnList(foreignKey.columns)}) ` +
    `references ${quoteTable(references.table)} (${columnList(references.columns)}) on delete ${foreignKey.onDelete} on update ${foreignKey.onUpdate}`
  );
}

function columnList(columns: readonly string[]): string {
  return columns.map(quote).join(', ');
}
