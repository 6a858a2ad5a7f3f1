import type { Readable } from 'node:stream';
import type { ConstantColumn, WireColumn } from '../../model/wire-format.ts';
import { duckDbError } from '../duckdb-error.ts';
import { duckDbIdentifier, duckDbLiteral, type DuckDb } from '../duckdb.ts';
import type { RawRows } from '../raw-rows.ts';
import {
  columnTerms,
  keyTerm,
  positionName,
  rawText,
  withReasons,
  withValues,
  type ColumnTerms,
} from './column-terms.ts';
import { countRejects, keepRejects, rejectLines } from './rejects.ts';
import { extraTerm } from './extra-term.ts';
import type { SiftColumn, SiftCount, SiftRequest } from './sift-request.ts';
import { streamLines } from './stream-lines.ts';
import { lineOf, type SiftedFormat, type SiftedValue } from './wire-values.ts';

/** Lines on their way out. */
export interface SiftedStream {
  readonly rows: Readable;
  rowCount(): number;
  bytes(): number;
}

/** Rows that were taken apart into good ones and rejects, each read as often as it is wanted. */
export class SiftedRows {
  /** Rows that the source has. */
  readonly read: number;
  readonly good: number;
  readonly rejected: readonly SiftCount[];
  /** Values that were left out of rows that load, by column and reason. */
  readonly leftOut: readonly SiftCount[];
  readonly #duckdb: DuckDb;
  readonly #folder: string;
  readonly #rawCount: number;
  readonly #rejects: number;
  readonly #values: ReadonlyMap<string, string>;

  private constructor(fields: {
    duckdb: DuckDb;
    folder: string;
    rawCount: number;
    rejected: readonly SiftCount[];
    leftOut: readonly SiftCount[];
    values: ReadonlyMap<string, string>;
  }) {
    this.#duckdb = fields.duckdb;
    this.#folder = fields.folder;
    this.#rawCount = fields.rawCount;
    this.#values = fields.values;
    this.rejected = fields.rejected;
    this.leftOut = fields.leftOut;
    this.#rejects = fields.rejected.reduce((sum, { rows }) => sum + rows, 0);
    this.read = fields.rawCount + unread(fields.rejected);
    this.good = this.read - this.#rejects;
  }

  /**
   * Judges every value of raw rows, and finds the rows that share a key: of those, the first one in the order of the
   * source is good. A row has one reason, that of the first column in their order.
   *
   * @param folder exists; what does not fit into the memory is written there
   */
  static async sift(duckdb: DuckDb, raw: RawRows, request: SiftRequest, folder: string): Promise<SiftedRows> {
    const { connection } = duckdb;
    const terms = request.columns.map((column, index) => columnTerms(column, index, raw));
    try {
      await connection.run(`create table datakit_problems as select position, problem from (
        select ${positionName} as position, ${rowProblem(request, terms, raw)} as problem from (${withReasons(request.columns, raw)})) where problem is not null`);
      await connection.run(`create macro datakit_good(low, high) as table ${withValues(request.columns, raw)}`);
      for (const key of request.keys) await rejectTwins(duckdb, request.columns, terms, key);
      const counted = await connection.runAndReadAll(`select count(*) from ${duckDbIdentifier(raw.table)}`);
      await keepRejects(connection, raw, request);
      const values = new Map(request.columns.map((column, index) => [column.name, terms[index]?.value ?? 'null']));
      if (request.extra) values.set(request.extra.name, extraTerm(request, terms, raw));
      return new SiftedRows({
        duckdb,
        folder,
        rawCount: Number(counted.getRows()[0]?.[0] ?? 0),
        rejected: await countRejects(connection, request),
        leftOut: await countLeftOut(duckdb, request, terms),
        values,
      });
    } catch (error) {
      throw duckDbError(error, 'sift the rows');
    }
  }

  /** The good rows, in the order of the source. */
  stream(format: SiftedFormat, columns: readonly WireColumn[], constants: readonly ConstantColumn[]): SiftedStream {
    const values: SiftedValue[] = [
      ...columns.map((column) => ({ ...column, value: this.#values.get(column.name) ?? 'null' })),
      ...constants.map((constant) => ({ ...constant, value: duckDbLiteral(constant.value) })),
    ];
    const line = lineOf(format, values);
    const select = (from: number, to: number): string => {
      return `select ${line} from datakit_good(${from}, ${to}) order by ${positionName}`;
    };
    const { stream, ...counts } = streamLines(this.#duckdb, this.#rawCount, select, this.#folder);
    return { rows: stream, ...counts };
  }

  /** The rejects as rows of the quarantine: its columns after those that all of them share. */
  rejects(format: SiftedFormat, columns: readonly WireColumn[], constants: readonly ConstantColumn[]): SiftedStream {
    const select = rejectLines(format, columns, constants);
    const { stream, ...counts } = streamLines(this.#duckdb, this.#rejects, select, this.#folder);
    return { rows: stream, ...counts };
  }
}

function unread(rejected: readonly SiftCount[]): number {
  return rejected.filter(({ wasRead }) => !wasRead).reduce((sum, { rows }) => sum + rows, 0);
}

/** `3:wrong_type` for the first column with a problem: its place in the list, and the reason. */
function rowProblem(request: SiftRequest, terms: readonly ColumnTerms[], raw: RawRows): string {
  const declared = terms.flatMap(({ problem }, index) => (problem === 'null' ? [] : [`'${index}:' || ${problem}`]));
  const undeclared = request.undeclared.flatMap(({ from, becomes }, index) =>
    becomes === 'discard row'
      ? [`if(${rawText(from, raw)} is null, null, '${request.columns.length + index}:unknown_column')`]
      : [`if(contains(${rawText(from, raw)}, chr(0)), '${request.columns.length + index}:invalid_text', null)`],
  );
  return `coalesce(${[...declared, ...undeclared, 'null::varchar'].join(', ')})`;
}

/** All rows without a problem. */
const allGood = 'datakit_good(0, 9223372036854775807)';

/** Rows with the key of an earlier one that is good itself. The keys that are there twice are few, so they are joined. */
async function rejectTwins(
  { connection }: DuckDb,
  columns: readonly SiftColumn[],
  terms: readonly ColumnTerms[],
  key: readonly string[],
): Promise<void> {
  const places = key.map((name) => columns.findIndex((column) => column.name === name));
  const keys = places.map((place) => keyTerm(columns[place] as SiftColumn, terms[place]?.value ?? 'null'));
  const names = keys.map((_, index) => `k${index}`);
  const good = `(select ${positionName} as position, ${keys.map((value, index) => `${value} as k${index}`).join(', ')} from ${allGood})`;
  const present = names.map((name) => `${name} is not null`).join(' and ');
  await connection.run(
    `create or replace table datakit_twins as select ${names.join(', ')}, min(position) as first from ${good}
     where ${present} group by ${names.join(', ')} having count(*) > 1`,
  );
  await connection.run(
    `insert into datakit_problems select g.position, '${places[0]}:duplicate_key' from ${good} g join datakit_twins t
     on ${names.map((name) => `g.${name} = t.${name}`).join(' and ')} where g.position > t.first`,
  );
}

async function countLeftOut(
  { connection }: DuckDb,
  request: SiftRequest,
  terms: readonly ColumnTerms[],
): Promise<SiftCount[]> {
  const misfits = terms.map(({ misfit }, index) => ({ misfit, index })).filter(({ misfit }) => misfit !== 'null');
  if (misfits.length === 0) return [];
  const list = misfits.map(({ misfit, index }) => `'${index}:' || ${misfit}`).join(', ');
  const result = await connection.runAndReadAll(
    `select problem, count(*), min(position) from (select ${positionName} as position, unnest([${list}]) as problem from ${allGood}) where problem is not null group by problem order by problem`,
  );
  return result.getRows().map(([problem, rows, position]) => {
    const [index, reason = ''] = String(problem).split(':');
    const column = request.columns[Number(index)]?.name ?? null;
    return { column, reason, rows: Number(rows), allowed: true, wasRead: true, first: [`row ${Number(position) + 1}`] };
  });
}
