import { DatakitError } from '../../errors/datakit-error.ts';
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

/** Over a temporary table. Rows are compared by their images, as the history compares them (see `history.ts`). */
export const difference: DifferenceLoad = { stage, apply };

async function stage(session: Session, { table, columns }: DifferenceRequest): Promise<TableName> {
  const made = { schema: 'pg_temp', name: stageName };
  const names = columns.map(quote).join(', ');
  await session.execute(
    `create temporary table ${quote(stageName)} on commit drop as select ${names} from ${quoteTable(table)} with no data`,
  );
  return made;
}

async function apply(session: Session, from: TableName, request: DifferenceRequest): Promise<AppliedDifference> {
  const { columns, key, compared, gone } = request;
  const [table, staged] = [quoteTable(request.table), quoteTable(from)];
  await makeKey(session, staged, request);
  await session.execute(`analyze ${staged}`);
  const same = key.map((column) => `t.${quote(column)} = s.${quote(column)}`).join(' and ');
  const rowOf = (alias: string): string =>
    `row(${compared.map((column) => `${alias}.${quote(column)}`).join(', ')})::record`;
  const mark = typeof gone === 'object' ? quote(gone.column) : undefined;
  const settings = changedColumns(request).map((column) => `${quote(column)} = s.${quote(column)}`);
  const names = columns.map(quote).join(', ');
  const isGone = `not exists (select from ${staged} s where ${same})`;
  const deleted = gone === 'delete' ? await session.execute(`delete from ${table} t where ${isGone}`) : 0;
  const marked =
    typeof gone === 'object'
      ? await session.execute(`update ${table} t set ${mark} = ? where ${mark} is null and ${isGone}`, [gone.at])
      : 0;
  const differs = [
    ...(compared.length > 0 ? [`${rowOf('t')} *<> ${rowOf('s')}`] : []),
    ...(mark === undefined ? [] : [`t.${mark} is not null`]),
  ].join(' or ');
  if (mark !== undefined) settings.push(`${mark} = null`);
  const updated =
    differs === ''
      ? 0
      : await session.execute(
          `update ${table} t set ${settings.join(', ')} from ${staged} s where ${same} and (${differs})`,
        );
  const inserted = await session.execute(
    `insert into ${table} (${names}) select ${names} from ${staged} s where not exists (select from ${table} t where ${same})`,
  );
  await session.execute(`drop table ${staged}`);
  return { inserted, updated, deleted, marked };
}

/** After the rows came, which is faster than with each of them. */
async function makeKey(session: Session, staged: string, { table, key }: DifferenceRequest): Promise<void> {
  try {
    await session.execute(`alter table ${staged} add primary key (${key.map(quote).join(', ')})`);
  } catch (error) {
    const state = (error as DatakitError).details?.['sqlState'];
    if (state !== '23505' && state !== '23502') throw error;
    throw new DatakitError({
      code: 'BAD_ROWS',
      message: `${table.name} cannot keep every row: ${state === '23505' ? 'two rows with the same key' : 'a row without a key'}; nothing was loaded.`,
      hint: `Its key is (${key.join(', ')}). Declare the key that the source has, or filter such rows there.`,
      cause: error,
    });
  }
}
