import {
  changedColumns,
  stageName,
  type AppliedDifference,
  type DifferenceLoad,
  type DifferenceRequest,
} from '../difference.ts';
import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';
import { instantText } from './instant-text.ts';
import { quote, quoteTable } from './quote.ts';

/**
 * Over a temporary table, which no statement may name twice on MySQL. Its key refuses two rows of one key while they
 * come. Making it and dropping it does not commit.
 */
export const difference: DifferenceLoad = { stage, apply };

async function stage(session: Session, { table, columns, key }: DifferenceRequest): Promise<TableName> {
  const list = (names: readonly string[]): string => names.map(quote).join(', ');
  const made = { name: stageName };
  await session.execute(
    `create temporary table ${quoteTable(made)} (primary key (${list(key)})) engine = InnoDB as select ${list(columns)} from ${quoteTable(table)} where false`,
  );
  return made;
}

async function apply(session: Session, from: TableName, request: DifferenceRequest): Promise<AppliedDifference> {
  const { columns, key, compared, gone } = request;
  const [table, staged] = [quoteTable(request.table), quoteTable(from)];
  const [first = ''] = key.map(quote);
  const same = key.map((column) => `t.${quote(column)} = s.${quote(column)}`).join(' and ');
  const mark = typeof gone === 'object' ? `t.${quote(gone.column)}` : undefined;
  const settings = changedColumns(request).map((column) => `t.${quote(column)} = s.${quote(column)}`);
  const differs = compared.map((column) => `not (t.${quote(column)} <=> s.${quote(column)})`);
  const withStage = `${table} t left join ${staged} s on ${same}`;
  const deleted = gone === 'delete' ? await session.execute(`delete t from ${withStage} where s.${first} is null`) : 0;
  const marked =
    typeof gone === 'object'
      ? await session.execute(`update ${withStage} set ${mark} = ? where ${mark} is null and s.${first} is null`, [
          instantText(gone.at),
        ])
      : 0;
  if (mark !== undefined) {
    settings.push(`${mark} = null`);
    differs.push(`${mark} is not null`);
  }
  const updated =
    differs.length === 0
      ? 0
      : await session.execute(
          `update ${table} t join ${staged} s on ${same} set ${settings.join(', ')} where ${differs.join(' or ')}`,
        );
  const inserted = await session.execute(
    `insert into ${table} (${columns.map(quote).join(', ')}) select ${columns.map((column) => `s.${quote(column)}`).join(', ')} ` +
      `from ${staged} s left join ${table} t on ${same} where t.${first} is null`,
  );
  await session.execute(`drop temporary table ${staged}`);
  return { inserted, updated, deleted, marked };
}
