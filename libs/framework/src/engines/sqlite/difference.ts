import {
  changedColumns,
  stageName,
  type AppliedDifference,
  type DifferenceLoad,
  type DifferenceRequest,
} from '../difference.ts';
import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';
import { quote, quoteTable } from './quote.ts';

/**
 * Over a table that is made and dropped in the load's own transaction. Not a temporary one: those are kept in memory,
 * and memory must not grow with the table. Its key refuses two rows of one key while they come.
 */
export const difference: DifferenceLoad = { stage, apply };

async function stage(session: Session, { table, columns, key }: DifferenceRequest): Promise<TableName> {
  const made = { name: stageName };
  const live = await session.query<{ name: string; type: string }>('select name, type from pragma_table_xinfo(?)', [
    table.name,
  ]);
  const types = new Map(live.map(({ name, type }) => [name, type]));
  const lines = columns.map((column) => `${quote(column)} ${types.get(column) ?? ''}`);
  await session.execute(
    `create table ${quoteTable(made)} (${lines.join(', ')}, primary key (${key.map(quote).join(', ')})) without rowid`,
  );
  return made;
}

async function apply(session: Session, from: TableName, request: DifferenceRequest): Promise<AppliedDifference> {
  const { columns, key, compared, gone } = request;
  const [table, staged] = [quoteTable(request.table), quoteTable(from)];
  const same = key.map((column) => `t.${quote(column)} = s.${quote(column)}`).join(' and ');
  const mark = typeof gone === 'object' ? quote(gone.column) : undefined;
  const settings = changedColumns(request).map((column) => `${quote(column)} = s.${quote(column)}`);
  const differs = compared.map((column) => `t.${quote(column)} is not s.${quote(column)}`);
  const names = columns.map(quote).join(', ');
  const isGone = `not exists (select 1 from ${staged} s where ${same})`;
  const deleted = gone === 'delete' ? await session.execute(`delete from ${table} as t where ${isGone}`) : 0;
  const marked =
    typeof gone === 'object'
      ? await session.execute(`update ${table} as t set ${mark} = ? where ${mark} is null and ${isGone}`, [gone.at])
      : 0;
  if (mark !== undefined) {
    settings.push(`${mark} = null`);
    differs.push(`t.${mark} is not null`);
  }
  const updated =
    differs.length === 0
      ? 0
      : await session.execute(
          `update ${table} as t set ${settings.join(', ')} from ${staged} s where ${same} and (${differs.join(' or ')})`,
        );
  const inserted = await session.execute(
    `insert into ${table} (${names}) select ${names} from ${staged} s where not exists (select 1 from ${table} t where ${same})`,
  );
  await session.execute(`drop table ${staged}`);
  return { inserted, updated, deleted, marked };
}
