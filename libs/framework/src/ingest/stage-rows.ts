import { DatakitError } from '../errors/datakit-error.ts';
import type { DuckDb } from '../files/duckdb.ts';
import type { KnownFiles, RawRows } from '../files/raw-rows.ts';
import { stageCsv } from '../files/sift/stage-csv.ts';
import type { ColumnType } from '../model/column-type.ts';
import type { CursorRange } from '../model/cursor-range.ts';
import { cancelled, refuseWhenStopped, type LoadContext } from './load-context.ts';
import type { TableContract } from './source-contract.ts';

/**
 * Brings the rows of a table into DuckDB as texts: as files have them, or as a source with types sends them. What is
 * declared as the source has it is sent in the declared type, the rest as the source has it.
 */
export async function stageRows(
  contract: TableContract,
  context: LoadContext,
  duckdb: DuckDb,
  folder: string,
  range: CursorRange | undefined,
  known: KnownFiles | undefined,
): Promise<RawRows> {
  const { snapshot, sourceSchema: schema, connector, signal } = context;
  refuseWhenStopped(signal);
  const table = contract.sourceTable;
  const names = [
    ...new Set([...contract.columns.map(({ from }) => from), ...contract.undeclared.map(({ name }) => name)]),
  ];
  if (!connector.typed) {
    if (!snapshot.readRaw) {
      throw new DatakitError({ code: 'INTERNAL', message: `${connector.description} has no types and no raw rows.` });
    }
    const begun = performance.now();
    const onProgress = (bytes: number): void => {
      refuseWhenStopped(signal);
      context.onProgress(contract.table.name, { bytes, rows: undefined, seconds: (performance.now() - begun) / 1000 });
    };
    const jsonColumns = new Set(contract.columns.filter(({ type }) => holdsJson(type)).map(({ from }) => from));
    return await snapshot.readRaw(
      { schema, table, columns: names, jsonColumns, folder, onProgress, ...(known ? { known } : {}) },
      duckdb,
    );
  }
  const types = new Map([
    ...contract.undeclared.map(({ name, type }) => [name, type] as const),
    ...contract.columns.map(({ from, type, judgedAs }) => [from, judgedAs ?? type] as const),
  ]);
  const columns = names.map((from, index) => ({ name: `c${index}`, from, type: types.get(from)! }));
  const stream = await snapshot.read({
    schema,
    table,
    ...(contract.query === undefined ? {} : { query: contract.query }),
    columns,
    constants: [],
    format: 'csv',
    ...(range ? { range } : {}),
  });
  const stop = (): void => void stream.rows.destroy(new Error('stopped'));
  signal.addEventListener('abort', stop, { once: true });
  const begun = performance.now();
  const timer = setInterval(
    () =>
      context.onProgress(contract.table.name, {
        bytes: stream.bytes(),
        rows: stream.rowsSoFar?.(),
        seconds: (performance.now() - begun) / 1000,
      }),
    200,
  );
  try {
    const raw = await stageCsv(duckdb, names, stream.rows, folder);
    const [sent, staged] = [await stream.rowCount(), raw.rows];
    if (sent === staged) return raw;
    throw new DatakitError({
      code: 'INTERNAL',
      message: `The source sent ${sent} rows of ${table}, and ${staged} arrived; nothing was published.`,
      hint: 'Please report this.',
    });
  } catch (error) {
    throw signal.aborted ? cancelled(error) : error;
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', stop);
  }
}

function holdsJson({ kind }: ColumnType): boolean {
  return kind === 'json' || kind === 'jsonb';
}
