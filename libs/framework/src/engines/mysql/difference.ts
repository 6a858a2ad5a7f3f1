import { stageName, type AppliedDifference, type DifferenceLoad, type DifferenceRequest } from '../difference.ts';
import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';
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
  const { columns, key, compared } = request;
  const [table, staged] = [quoteTable(request.table), quoteTable(from)];
  const [first = ''] = key.map(quote);
  const same = key.map((column) => `t.${quote(column)} = s.${quote(column)}`).join(' and ');
  const settings = columns
    .filter((column) => !key.includes(column))
    .map((column) => `t.${quote(column)} = s.${quote(column)}`);
  const differs = compared.map((column) => `not (t.${quote(column)} <=> s.${quote(column)})`).join(' or ');
  const deleted =
    request.gone === 'keep'
      ? 0
      : await session.execute(`delete t from ${table} t left join ${staged} s on ${same} where s.${first} is null`);
  const updated =
    compared.length === 0
      ? 0
      : await session.execute(
          `update ${table} t join ${staged} s on ${same} set ${settings.join(', ')} where ${differs}`,
        );
  const inserted = await session.execute(
    `insert into ${table} (${columns.map(quote).join(', ')}) select ${columns.map((column) => `s.${quote(column)}`).join(', ')} ` +
      `from ${staged} s left join ${table} t on ${same} where t.${first} is null`,
  );
  await session.execute(`drop temporary table ${staged}`);
  return { inserted, updated, deleted };
}
