import type { Session } from '../engines/session.ts';
import { countOf } from '../report/count-of.ts';
import type { Finding } from '../report/run-report.ts';
import { quarantineReason } from '../structure/quarantine-reason.ts';
import type { BuildQuery } from './build-query.ts';
import type { BuildRequest } from './build-table.ts';
import { quarantinePlace } from './quarantine-rows.ts';

/** The rows of a build after its conditions were asked. */
export interface JudgedRows {
  /** Gives the rows that are good. */
  readonly good: BuildQuery;
  readonly read: number;
  /** Rows that were set aside, by reason. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Has to be done before the transaction ends. */
  release(): Promise<void>;
}

const reason = 'datakit_reason';

/**
 * Runs the query of a build once, keeps its rows for the rest of the transaction, and sets aside those that one of its
 * conditions names: they go to the quarantine with their load's id. Those of earlier rebuilds leave it, because a rebuild
 * judges all rows again.
 *
 * @param condition which rows of the query are looked at, or an empty text
 * @throws NOT_DEPLOYED, DATAKIT_INVALID, TARGET_FAILED
 */
export async function judgeRows(
  { datakit, table, build, engine, loadId, position }: BuildRequest,
  query: BuildQuery,
  condition: string,
  session: Session,
): Promise<JudgedRows> {
  const { queryDialect: dialect } = engine;
  const row = engine.quote('row');
  const judged = `select ${row}.*, ${quarantineReason(datakit, table, build, engine)} as ${reason} from (${query.sql}) as ${row}${condition}`;
  const held = dialect.heldRows(`datakit_judged_${position}`, judged);
  const rows = engine.quoteTable(held.table);
  await session.execute(held.create);
  const counts = await session.query<{ reason: string | null; n: unknown }>(
    `select ${reason} as reason, count(*) as n from ${rows} group by ${reason} order by ${reason}`,
  );
  const reasons = new Map(counts.flatMap((count) => (count.reason === null ? [] : [[count.reason, Number(count.n)]])));
  const place = engine.quoteTable(await quarantinePlace(engine, session));
  const name = [datakit.name, table.name];
  if (build.kind === 'rebuild') {
    await session.execute(`delete from ${place} where datakit = ? and table_name = ?`, name);
  }
  if (reasons.size > 0) {
    const types = new Map(table.columns.map((column) => [column.name, column.type]));
    const values = query.columns.map((column) => ({
      ...{ name: column, sql: engine.quote(column) },
      type: types.get(column) ?? { kind: 'text' as const },
    }));
    const constants = [loadId, ...name].map((text) => dialect.text(text)).join(', ');
    await session.execute(
      `insert into ${place} (load_id, datakit, table_name, reject, source_row, reason) select ${constants}, row_number() over (order by ${reason}), ${dialect.jsonOfTexts(values)}, ${reason} from ${rows} where ${reason} is not null`,
    );
  }
  const columns = query.columns.map((column) => engine.quote(column)).join(', ');
  return {
    good: { sql: `select ${columns} from ${rows} where ${reason} is null`, columns: query.columns },
    read: counts.reduce((sum, { n }) => sum + Number(n), 0),
    reasons,
    release: async () => void (await session.execute(held.drop)),
  };
}

/** What was set aside, for the report. */
export function quarantineFindings(table: string, { read, reasons }: Pick<JudgedRows, 'read' | 'reasons'>): Finding[] {
  return [...reasons].map(([kind, failed]) => ({
    check: 'bad rows',
    severity: 'warn',
    object: table,
    kind,
    expected: null,
    found: `${failed.toLocaleString('en')} of ${countOf(read, 'row')} quarantined`,
    failed,
  }));
}
