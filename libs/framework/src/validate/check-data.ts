import type { Check } from '../checks/check.ts';
import type { CheckedTable } from '../checks/checked-table.ts';
import { runChecks, type FailedCheck } from '../checks/run-checks.ts';
import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { TableName, TableStructure } from '../engines/table-structure.ts';

/** What is known of the tables before their rows are looked at. */
export interface DataContext {
  /** Those of the datakit that are there. */
  readonly live: readonly TableStructure[];
  readonly checked: readonly CheckedTable[];
  /** Differences of structure are named by themselves. */
  readonly looksAtStructure: boolean;
  readonly showKeys: number;
}

/** Runs the checks whose tables and columns are there as declared; the others are named as not checked. */
export async function checkData(
  checks: readonly Check[],
  engine: Engine,
  session: Session,
  { live, checked, looksAtStructure, showKeys }: DataContext,
): Promise<FailedCheck[]> {
  if (checks.length === 0) return [];
  const own = new Map(checked.map((table) => [idOf(table.structure.table), table]));
  const there = new Map(live.map((structure) => [idOf(structure.table), structure]));
  const elsewhere = await readOthers(checks, engine, session, there);
  const notChecked: FailedCheck[] = [];
  const possible = checks.filter((check) => {
    const obstacle = check.needs
      .map((need) => ({ need, reason: reasonAgainst(check, need, own, elsewhere) }))
      .find(({ reason }) => reason !== undefined);
    if (obstacle && !(looksAtStructure && own.has(idOf(obstacle.need.table)))) {
      notChecked.push(findingFor(check, obstacle.reason!));
    }
    return obstacle === undefined;
  });
  const failed = await runChecks(possible, engine, session, {
    showKeys,
    hasItsKey: ({ structure }) =>
      there.get(idOf(structure.table))?.primaryKey.join('\0') === structure.primaryKey.join('\0'),
  });
  return [...notChecked, ...failed];
}

/** Tables of other datakits, and views, by the columns that they have. */
async function readOthers(
  checks: readonly Check[],
  engine: Engine,
  session: Session,
  there: ReadonlyMap<string, TableStructure>,
): Promise<ReadonlyMap<string, ReadonlyMap<string, string | undefined>>> {
  const columns = new Map<string, ReadonlyMap<string, string | undefined>>(
    [...there].map(([id, structure]) => [id, new Map(structure.columns.map(({ name, type }) => [name, type]))]),
  );
  const unknown = checks
    .flatMap(({ needs }) => needs.map(({ table }) => table))
    .filter((table) => !there.has(idOf(table)));
  if (unknown.length === 0) return columns;
  const tables = [...new Map(unknown.map((table) => [idOf(table), table])).values()];
  for (const { table, columns: found } of await engine.readTables(session, tables)) {
    columns.set(idOf(table), new Map(found.map(({ name, type }) => [name, type])));
  }
  for (const { view, columns: found } of await engine.readViews(session, tables)) {
    columns.set(idOf(view), new Map(found.map((name) => [name, undefined])));
  }
  return columns;
}

/** Why a check cannot be run: it would be an error of the server, or compare what is not meant. */
function reasonAgainst(
  check: Check,
  need: Check['needs'][number],
  own: ReadonlyMap<string, CheckedTable>,
  there: ReadonlyMap<string, ReadonlyMap<string, string | undefined>>,
): string | undefined {
  const found = there.get(idOf(need.table));
  if (!found) return `${need.table.name} is not there`;
  const expected = own.get(idOf(need.table))?.structure.columns ?? [];
  const types = new Map(expected.map(({ name, type }) => [name, type]));
  const needed = check.hasOwnSql ? [...need.columns, ...types.keys()] : need.columns;
  const wrong = needed.find((name) => !found.has(name) || (types.get(name) ?? found.get(name)) !== found.get(name));
  return wrong === undefined ? undefined : `${need.table.name}.${wrong} is not as declared`;
}

function findingFor({ kind, severity, object, expected }: Check, found: string): FailedCheck {
  return { finding: { check: kind, severity, object, kind: 'not checked', expected, found }, keys: [] };
}

function idOf({ schema = '', name }: TableName): string {
  return `${schema}\0${name}`;
}
