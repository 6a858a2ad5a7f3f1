import type { DuckDBConnection } from '@duckdb/node-api';
import type { ConstantColumn, WireColumn } from '../../model/wire-format.ts';
import { duckDbIdentifier, duckDbLiteral } from '../duckdb.ts';
import type { RawRows } from '../raw-rows.ts';
import type { SiftCount, SiftRequest } from './sift-request.ts';
import { lineOf, type SiftedFormat } from './wire-values.ts';

/** Positions that a count names, so that somebody can look. */
const namedPositions = 3;

/**
 * Brings the rows that were judged bad and those that the reader could not take into one table, `datakit_rejects`, each
 * with its row as JSON of the source's names and texts.
 */
export async function keepRejects(connection: DuckDBConnection, raw: RawRows, request: SiftRequest): Promise<void> {
  const members = [...raw.columns].map(
    ([name, column]) =>
      `${duckDbLiteral(`${JSON.stringify(name)}:`)} || coalesce(to_json(${duckDbIdentifier(column)})::varchar, 'null')`,
  );
  const row = `'{' || ${members.length === 0 ? `''` : members.join(` || ',' || `)} || '}'`;
  const [file, line] = [raw.fileColumn, raw.lineColumn].map((name) => (name ? duckDbIdentifier(name) : 'null'));
  const names = [...request.columns, ...request.undeclared].map(({ from }) => duckDbLiteral(from));
  const judged = `select ${row} as source_row, ([${names.join(', ')}])[p.place + 1] as column_name, p.reason,
      ${file}::varchar as file, ${line}::bigint as line, p.position + 1 as position, p.place, true as was_read
    from ${duckDbIdentifier(raw.table)} r join (select position, split_part(problem, ':', 1)::integer as place, split_part(problem, ':', 2) as reason
      from datakit_problems) p on r.rowid = p.position`;
  const unread =
    raw.rejects === undefined
      ? ''
      : ` union all select source_row, column_name, reason, file, line, null, null, false from ${duckDbIdentifier(raw.rejects)}`;
  await connection.run(
    `create table datakit_rejects as select row_number() over () as reject, * from (${judged}${unread})`,
  );
}

/** Counts them by column and reason, the most first. */
export async function countRejects(connection: DuckDBConnection, request: SiftRequest): Promise<SiftCount[]> {
  const position = `coalesce(file || ':' || line, file, 'line ' || line, 'row ' || position)`;
  const result = await connection.runAndReadAll(
    `select place, column_name, reason, was_read, count(*) as n, min_by(${position}, coalesce(line, position), ${namedPositions})
     from datakit_rejects group by all order by n desc, column_name, reason`,
  );
  return result.getRowsJson().map(([place, name, reason, wasRead, rows, first]) => {
    const column = place === null ? undefined : request.columns[Number(place)];
    return {
      column: column?.name ?? (name === null ? null : String(name)),
      reason: String(reason),
      rows: Number(rows),
      allowed:
        reason === 'unknown_column' ||
        (column?.misfit === 'discard row' && reason !== 'null_in_required' && reason !== 'duplicate_key'),
      wasRead: wasRead === true,
      first: (first as (string | null)[]).filter((each) => each !== null),
    };
  });
}

/** The query of their lines for a range of them. */
export function rejectLines(
  format: SiftedFormat,
  columns: readonly WireColumn[],
  constants: readonly ConstantColumn[],
): (from: number, to: number) => string {
  const line = lineOf(format, [
    ...columns.map((column) => ({ ...column, value: `${duckDbIdentifier(column.name)}::varchar` })),
    ...constants.map((constant) => ({ ...constant, value: duckDbLiteral(constant.value) })),
  ]);
  return (from, to) => `select ${line} from datakit_rejects where reject > ${from} and reject <= ${to} order by reject`;
}
