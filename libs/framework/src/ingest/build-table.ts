import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { TableName } from '../engines/table-structure.ts';
import type { TableBuild } from '../model/build.ts';
import type { Datakit } from '../model/datakit.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';
import { buildQuery, type BuildQuery } from './build-query.ts';
import { judgeRows } from './judge-rows.ts';
import { inWords, loadByDifference } from './load-by-difference.ts';
import { newestValue } from './newest-value.ts';

/** A table whose build is run, and what it has in common with the others. */
export interface BuildRequest {
  readonly datakit: Datakit;
  readonly table: ExpectedTable;
  readonly build: TableBuild;
  readonly engine: Engine;
  /** Tables of the datakit refer to it by foreign keys: its rows can only go after theirs. */
  readonly isParent: boolean;
  /** As if the table were empty. */
  readonly fullRefresh: boolean;
  readonly loadId: string;
  /** Among the tables that are built, from 0. */
  readonly position: number;
}

/** A table that was built, inside of its transaction. */
export interface BuiltTable {
  /** Rows that the query gave. */
  readonly read: number;
  /** Those that went into the table. */
  readonly rows: number;
  /** Those that were set aside, by reason. */
  readonly reasons: ReadonlyMap<string, number>;
  /** How, for the report. */
  readonly published: string;
  /** Deletes the rows that are gone, where they had to wait for others. */
  readonly deleteGone?: () => Promise<number>;
  /** Forgets what was only kept for this build. */
  readonly release?: () => Promise<void>;
}

/**
 * Runs the query of one table inside of the session's transaction. Where rows are there already, they are compared with
 * the new ones, and those that are equal are not touched: a build that changes nothing writes nothing.
 */
export async function buildTable(request: BuildRequest, session: Session): Promise<BuiltTable> {
  const { datakit, table, build, engine, fullRefresh } = request;
  const target = table.structure.table;
  const isIncremental = build.kind === 'incremental' && !fullRefresh;
  const since = isIncremental ? await newestValue(table, build.way, engine, session) : undefined;
  const asked = buildQuery(datakit, table, build, engine, since);
  const existing = await session.query(`select 1 as one from ${engine.quoteTable(target)} limit 1`);
  const isRange = isIncremental && build.way.range !== undefined && since !== undefined && existing.length > 0;
  const condition = isRange ? `${engine.quote(build.way.range)} >= ${since}` : '';
  const inRange = isRange ? ` where ${condition}` : '';
  const judged = build.quarantine ? await judgeRows(request, asked, inRange, session) : undefined;
  const query = judged ? { ...asked, ...judged.good } : asked;
  let rows = 0;
  const writeFrom =
    (where: string) =>
    async (into: TableName): Promise<void> => {
      rows = await session.execute(insertStatement(into, query, where, engine));
    };
  const result = (published: string, deleteGone?: BuiltTable['deleteGone']): BuiltTable => {
    const reasons = judged?.reasons ?? new Map<string, number>();
    const kept = judged && { release: judged.release };
    return { read: judged?.read ?? rows, rows, reasons, published, ...(deleteGone && { deleteGone }), ...kept };
  };
  const { generated } = asked;
  if (existing.length === 0 && generated === undefined) {
    await writeFrom('')(target);
    return result('insert');
  }
  if (isRange) {
    const deleted = await session.execute(`delete from ${engine.quoteTable(target)} where ${condition}`);
    await writeFrom(inRange)(target);
    return result(`range: ${deleted} deleted, ${rows} inserted`);
  }
  if (!isIncremental && table.structure.primaryKey.length === 0) {
    // Nothing tells which rows are the same ones. Not truncate: readers go on seeing the old rows until the commit.
    await session.execute(`delete from ${engine.quoteTable(target)}`);
    await writeFrom('')(target);
    return result('delete and insert');
  }
  const gone = isIncremental || request.isParent ? 'keep' : 'delete';
  const key = generated === undefined ? table.structure.primaryKey : (build.by ?? []);
  const fixed = generated === undefined ? [] : [generated];
  const way = { key, gone, updates: true, fixed } as const;
  const applied = await loadByDifference(table, [...fixed, ...query.columns], way, engine, session, writeFrom(''));
  const published = `difference: ${inWords(applied)}`;
  if (isIncremental || !request.isParent) return result(published);
  return result(published, () => session.execute(deleteStatement(table, key, query, engine)));
}

function insertStatement(
  into: TableName,
  { sql, columns, generated }: BuildQuery,
  condition: string,
  engine: Engine,
): string {
  const names = columns.map((column) => engine.quote(column)).join(', ');
  const [key, made] =
    generated === undefined ? ['', ''] : [`${engine.quote(generated)}, `, `${engine.queryDialect.newUuid}, `];
  return `insert into ${engine.quoteTable(into)} (${key}${names}) select ${made}${names} from (${sql}) as built${condition}`;
}

function deleteStatement(
  { structure }: ExpectedTable,
  key: readonly string[],
  { sql }: BuildQuery,
  engine: Engine,
): string {
  const table = engine.quoteTable(structure.table);
  const same = key.map((column) => {
    const name = engine.quote(column);
    return `built.${name} = ${table}.${name}`;
  });
  return `delete from ${table} where not exists (select 1 from (${sql}) as built where ${same.join(' and ')})`;
}
