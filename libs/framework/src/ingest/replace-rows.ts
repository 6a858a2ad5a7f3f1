import type { Session } from '../engines/session.ts';
import type { TableName } from '../engines/table-structure.ts';
import { chooseFormat } from './choose-format.ts';
import { inWords, loadByDifference } from './load-by-difference.ts';
import type { LoadContext } from './load-context.ts';
import type { RowReader } from './row-reader.ts';
import type { TableContract } from './source-contract.ts';

/**
 * Puts the source's rows in place of those that are there, inside the transaction; by what differs where the table keeps
 * its history.
 * @returns how, for the report
 */
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
  const { addsConstants } = engine.copyIn;
  const all = [...contract.columns, ...reader.constants];
  const write = (into: TableName): Promise<void> =>
    reader.through(format, !addsConstants, (rows) => {
      const columns = addsConstants ? contract.columns : all;
      const constants = addsConstants ? reader.constants : [];
      return engine.copyIn.write(session, { table: into, columns, constants, format }, rows);
    });
  const way = await publish();
  const slowWay = await engine.copyIn.slowWay?.(session);
  return slowWay === undefined ? way : `${way}, ${slowWay}`;

  async function publish(): Promise<string> {
    if (existing.length === 0) {
      await write(table);
      return 'insert';
    }
    if (contract.table.history) {
      const names = all.map(({ name }) => name);
      return inWords(await loadByDifference(contract.table, names, 'delete', engine, session, write));
    }
    // Not truncate: it blocks readers until the commit, and shows an empty table to those with an older snapshot.
    await session.execute(`delete from ${engine.quoteTable(table)}`);
    await write(table);
    return 'delete and insert';
  }
}
