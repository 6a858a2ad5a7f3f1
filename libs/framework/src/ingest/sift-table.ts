import type { DuckDb } from '../files/duckdb.ts';
import type { KnownFiles, RawFile, RawRows } from '../files/raw-rows.ts';
import type { SiftColumn, SiftRequest } from '../files/sift/sift-request.ts';
import type { SiftedRows } from '../files/sift/sift-rows.ts';
import { temporaryFolder } from '../files/temporary-folder.ts';
import { bronzeExtraColumn } from '../model/bronze-extra.ts';
import { ledgerTableName } from '../ledger/ledger-tables.ts';
import type { LackingForm } from '../model/lacking-form.ts';
import type { CursorRange } from '../model/cursor-range.ts';
import { badRowFindings, tooManyBadRows } from './bad-rows-report.ts';
import { isOverLimit } from './bad-rows-limit.ts';
import type { LoadContext } from './load-context.ts';
import { stageRows } from './stage-rows.ts';
import type { LoadColumn, TableContract } from './source-contract.ts';

/** The rows of one table, taken apart; ends with its scope. */
export interface SiftedTable extends AsyncDisposable {
  readonly rows: SiftedRows;
  /** Bytes that the source sent. */
  readonly bytes: number;
  /** The files that the rows come from. */
  readonly files: readonly RawFile[];
}

/** True where rows may have to be set aside or changed, so that they cannot go straight into the target. */
export function needsSift({ columns, undeclared, modes }: TableContract, context: LoadContext): boolean {
  return (
    !context.connector.typed ||
    (context.maxBadRows !== 0 && context.maxBadRows !== '0%') ||
    modes.types === 'discard_row' ||
    modes.types === 'discard_value' ||
    undeclared.length > 0 ||
    columns.some(({ judgedAs, isConverted }) => judgedAs !== undefined && !isConverted)
  );
}

/**
 * Brings the rows of a table into DuckDB, and judges them there.
 *
 * @throws BAD_ROWS where there are more bad ones than are allowed
 */
export async function siftTable(
  contract: TableContract,
  context: LoadContext,
  range: CursorRange | undefined,
  known?: KnownFiles,
): Promise<SiftedTable> {
  const { openDuckDb } = await import('../files/duckdb.ts');
  const { SiftedRows } = await import('../files/sift/sift-rows.ts');
  const resources = new AsyncDisposableStack();
  try {
    const folder = resources.use(await temporaryFolder(context.home));
    const duckdb: DuckDb = resources.use(await openDuckDb(folder.path));
    const raw: RawRows = await stageRows(contract, context, duckdb, folder.path, range, known);
    const rows = await SiftedRows.sift(duckdb, raw, siftRequest(contract, context), folder.path);
    const { rejected, leftOut, read } = rows;
    const bad = rejected.filter(({ allowed }) => !allowed).reduce((sum, count) => sum + count.rows, 0);
    const refused = isOverLimit(context.maxBadRows, bad, read);
    const findings = [
      ...badRowFindings(contract, rejected, read, refused ? 'refused' : 'quarantined'),
      ...(refused ? [] : badRowFindings(contract, leftOut, read, 'left out')),
    ];
    if (findings.length > 0) await context.onFindings(findings);
    if (refused) {
      const quarantine = ledgerTableName('quarantine', context.engine);
      throw tooManyBadRows(contract, rejected, read, context.maxBadRows, quarantine);
    }
    return { rows, bytes: raw.bytes, files: raw.files ?? [], [Symbol.asyncDispose]: () => resources.disposeAsync() };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

function siftRequest(contract: TableContract, context: LoadContext): SiftRequest {
  const { structure, columns: declared, load } = contract.table;
  const loaded = new Set(contract.columns.map(({ name }) => name));
  const keys = [
    structure.primaryKey,
    ...structure.indexes.filter(({ unique }) => unique).map(({ columns }) => columns),
    ...(load.disposition === 'merge' ? [load.key] : []),
  ].filter((key) => key.length > 0 && key.every((name) => loaded.has(name)));
  const extra = declared.find(({ name }) => name === bronzeExtraColumn);
  return {
    columns: contract.columns.map((column) => siftColumn(column, contract, context)),
    undeclared: contract.undeclared.map(({ name, type }) => ({
      from: name,
      type,
      becomes: contract.modes.columns === 'evolve' ? 'extra' : 'discard row',
    })),
    extra: extra && keepsExtra(contract) ? extra : undefined,
    keys,
  };
}

/** True where a load fills the column of what is not declared. */
export function keepsExtra({ modes }: TableContract): boolean {
  return modes.columns === 'evolve' || modes.types === 'evolve';
}

const misfits = {
  freeze: 'reject',
  evolve: 'extra',
  discard_row: 'discard row',
  discard_value: 'discard value',
} as const;

function siftColumn(column: LoadColumn, contract: TableContract, context: LoadContext): SiftColumn {
  const { engine, formats } = context;
  const stored = contract.table.structure.columns.find(({ name }) => name === column.name);
  const kept = stored && formats.includes('table') ? engine.portableType(stored.type) : undefined;
  const holdsText = column.type.kind === 'text' || column.type.kind === 'varchar';
  // A text in a key is shorter on some engines than it is declared.
  const longest = holdsText && kept?.kind === 'varchar' ? kept.length : undefined;
  const lacking = formats.includes('table') ? engine.copyIn.lacks(column.type) : undefined;
  return {
    name: column.name,
    from: column.from,
    type: column.type,
    lossy: column.lossy,
    required: column.required,
    trusted: column.judgedAs === undefined,
    misfit: misfits[contract.modes.types],
    lacking: [lacking, formats.includes('parquet') ? parquetLacks(column) : undefined].filter(
      (form): form is LackingForm => form !== undefined,
    ),
    ...(longest === undefined ? {} : { longest }),
  };
}

/** Decimals of DuckDB have no NaN. */
function parquetLacks({ type }: LoadColumn): LackingForm | undefined {
  return type.kind === 'numeric' && type.precision !== undefined && type.precision <= 38 ? 'not finite' : undefined;
}
