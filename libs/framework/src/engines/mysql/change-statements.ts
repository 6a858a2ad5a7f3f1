import type { EngineStatement } from '../engine.ts';
import type { Session } from '../session.ts';
import type { RenamedIndex, RenamedTable, StructureChange } from '../structure-change.ts';
import type { TableName, TableStructure } from '../table-structure.ts';
import { alterTable } from './alter-table.ts';
import { addForeignKey, columnDefinition, columnList, createOptions, indexColumns } from './definitions.ts';
import type { Flavour } from './flavour.ts';
import { grantStatement } from './grants.ts';
import { checksAround } from './renamed-checks.ts';
import { escapeLiterals, quote, quoteTable } from './quote.ts';

/** Writes one change in the servers' SQL. A table and its indexes are one statement, so that no kill comes between. */
export async function statementsFor(
  session: Session,
  change: StructureChange,
  flavour: Flavour,
): Promise<EngineStatement[]> {
  switch (change.kind) {
    case 'create schema':
      return [];
    case 'create table':
      return createTable(change.table, flavour);
    case 'drop table':
      return dropTable(session, change.table);
    case 'rename table':
      return renameTable(session, change, flavour);
    case 'grant':
    case 'revoke':
      return grantStatement(session, change.kind, change.grant);
    case 'create view':
    case 'replace view':
      return [{ sql: `create or replace view ${quoteTable(change.view.view)} as\n${change.view.query}` }];
    case 'drop view':
      return [{ sql: `drop view ${quoteTable(change.view)}` }];
    case 'alter table':
      return alterTable(session, change, flavour);
  }
}

/** Foreign keys follow; views do not, and are written anew after it (see `obstacles.ts`). */
async function renameTable(
  session: Session,
  { from, to, columns, indexes }: RenamedTable & { indexes: readonly RenamedIndex[] },
  flavour: Flavour,
): Promise<EngineStatement[]> {
  const alter = `alter table ${quoteTable(to)}`;
  const checks = await checksAround(session, { from, columns }, flavour);
  const clauses = [
    ...checks.before,
    ...columns.map((each) => `rename column ${quote(each.from)} to ${quote(each.to)}`),
    ...indexes.map((each) => `rename index ${quote(each.from.name)} to ${quote(each.to.name)}`),
    ...checks.after,
  ];
  return [
    ...(from.name === to.name ? [] : [`rename table ${quoteTable(from)} to ${quoteTable(to)}`]),
    ...(clauses.length === 0 ? [] : [`${alter} ${clauses.join(', ')}`]),
  ].map((sql) => ({ sql }));
}

function createTable(structure: TableStructure, flavour: Flavour): EngineStatement[] {
  const { table, columns, primaryKey, indexes, checks, foreignKeys } = structure;
  const lines = columns.map((column) => columnDefinition(column, flavour));
  if (primaryKey.length > 0) lines.push(`primary key (${columnList(primaryKey)})`);
  for (const index of indexes) {
    lines.push(`${index.unique ? 'unique ' : ''}key ${quote(index.name)} (${indexColumns(index, columns)})`);
  }
  for (const check of checks) lines.push(`constraint ${quote(check.name)} check (${escapeLiterals(check.expression)})`);
  return [
    { sql: `create table ${quoteTable(table)} (\n  ${lines.join(',\n  ')}\n) ${createOptions(flavour)}` },
    ...structure.triggers.flatMap(({ create = [] }) => create).map((sql) => ({ sql })),
    ...foreignKeys.map((foreignKey) => ({ sql: addForeignKey(table, foreignKey), last: true })),
  ];
}

/** Relations between tables that go may point in circles, so they go first. */
async function dropTable(session: Session, table: TableName): Promise<EngineStatement[]> {
  const keys = await session.query<{ name: string }>(
    `select constraint_name as name from information_schema.referential_constraints
     where constraint_schema = database() and table_name = ? order by constraint_name`,
    [table.name],
  );
  return [
    ...keys.map(({ name }) => ({
      sql: `alter table ${quoteTable(table)} drop foreign key ${quote(name)}`,
      first: true,
    })),
    { sql: `drop table ${quoteTable(table)}`, last: true },
  ];
}
