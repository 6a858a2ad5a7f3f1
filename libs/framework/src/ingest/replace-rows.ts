import type { Session } from '../engines/session.ts';
import { chooseFormat } from './choose-format.ts';
import type { LoadContext } from './load-context.ts';
import type { RowReader } from './row-reader.ts';
import type { TableContract } from './source-contract.ts';

/** Puts the source's rows in place of those that are there, inside the transaction. @returns how, for the report */
export async function replaceRows(
  contract: TableContract,
  context: LoadContext,
  session: Session,
  reader: RowReader,
): Promise<string> {
  const { engine } = context;
  const { table } = contract.table.structure;
  const format = chooseFormat(engine.copyIn.formats, context.connector.formats);
  const existing = await session.query(`select 1 as one from ${engine.quoteTable(table)} limit 1`);
  // Not truncate: it blocks readers until the commit, and shows an empty table to those with an older snapshot.
  if (existing.length > 0) await session.execute(`delete from ${engine.quoteTable(table)}`);
  const { addsConstants } = engine.copyIn;
  await reader.through(format, !addsConstants, (rows) =>
    engine.copyIn.write(
      session,
      {
        table,
        columns: addsConstants ? contract.columns : [...contract.columns, ...reader.constants],
        constants: addsConstants ? reader.constants : [],
        format,
      },
      rows,
    ),
  );
  const way = existing.length > 0 ? 'delete and insert' : 'insert';
  const slowWay = await engine.copyIn.slowWay?.(session);
  return slowWay === undefined ? way : `${way}, ${slowWay}`;
}
