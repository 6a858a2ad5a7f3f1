import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { TableName } from '../engines/table-structure.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { siftedFormats } from '../files/sift/wire-values.ts';
import type { SiftedRows } from '../files/sift/sift-rows.ts';
import { ledgerColumns, ledgerTableName } from '../ledger/ledger-tables.ts';
import { chooseFormat } from './choose-format.ts';

/** Whose rows they are. */
export interface QuarantinedLoad {
  readonly loadId: string;
  readonly datakit: string;
  readonly table: string;
}

/**
 * Keeps the rejects of a load in the target, in its transaction and as fast as rows are loaded.
 *
 * @throws NOT_DEPLOYED where the bookkeeping is of a version that had no quarantine
 */
export async function quarantineRows(
  sifted: SiftedRows,
  load: QuarantinedLoad,
  engine: Engine,
  session: Session,
): Promise<number> {
  if (sifted.good === sifted.read) return 0;
  const table = await quarantinePlace(engine, session);
  const given: Readonly<Record<string, string>> = {
    load_id: load.loadId,
    datakit: load.datakit,
    table_name: load.table,
  };
  const columns = ledgerColumns('quarantine');
  const constants = columns.flatMap((column) => {
    const value = given[column.name];
    return value === undefined ? [] : [{ ...column, value }];
  });
  const sent = columns.filter(({ name }) => given[name] === undefined);
  const format = chooseFormat(engine.copyIn.formats, siftedFormats) as (typeof siftedFormats)[number];
  const { addsConstants } = engine.copyIn;
  const { rows } = sifted.rejects(format, sent, addsConstants ? [] : constants);
  return await engine.copyIn.write(
    session,
    {
      table,
      columns: addsConstants ? sent : [...sent, ...constants],
      constants: addsConstants ? constants : [],
      format,
    },
    rows,
  );
}

/** Where rows that are set aside are kept. @throws NOT_DEPLOYED where the bookkeeping is of a version that had no such place */
export async function quarantinePlace(engine: Engine, session: Session): Promise<TableName> {
  const table = ledgerTableName('quarantine', engine);
  if ((await engine.readTables(session, [table])).length > 0) return table;
  throw new DatakitError({
    code: 'NOT_DEPLOYED',
    message: 'The target has no place for rows that are set aside: its bookkeeping is of an earlier version.',
    hint: 'Run "deploy" first; it completes the bookkeeping.',
  });
}
