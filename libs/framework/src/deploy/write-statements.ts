import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { StatementCost, TableClaim } from '../engines/statement-cost.ts';
import type { StructureChange, TablePart } from '../engines/structure-change.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';
import type { ReportedCost } from '../report/run-report.ts';
import type { ExpectedView } from '../structure/expected-views.ts';
import { classify } from './classify.ts';
import type { PlannedStatement } from './deploy-plan.ts';
import { shownPart } from './names-for-people.ts';
import { objectOfPart, objectsOf, qualified } from './owned-objects.ts';
import type { PlannedChange } from './planned-changes.ts';
import { TableClaims, tableInUse } from './table-claims.ts';
import { writeViewStatements } from './write-view-statements.ts';

/** One statement, and what is new by it. */
export interface WrittenStatement {
  readonly statement: PlannedStatement;
  readonly creates: readonly LedgerObject[];
}

/** All statements of a plan, and the tables in use that they need. */
export interface WrittenStatements {
  readonly statements: readonly WrittenStatement[];
  /** Those that run in no transaction, after all others. */
  readonly standalone: readonly WrittenStatement[];
  readonly claims: readonly TableClaim[];
}

/**
 * Writes the SQL. Foreign keys that go come first and new ones last, when all tables are there; what is in the way
 * makes way before the changes and comes back after them.
 */
export async function writeStatements(
  engine: Engine,
  session: Session,
  planned: readonly PlannedChange[],
  views: readonly ExpectedView[],
): Promise<WrittenStatements> {
  const { before, after } = await writeViewStatements(engine, session, planned, views);
  const claims = new TableClaims(planned.map(({ change }) => change));
  const first: WrittenStatement[] = [];
  const now: WrittenStatement[] = [];
  const last: WrittenStatement[] = [];
  const standalone: WrittenStatement[] = [];
  const live = planned.flatMap(({ change }) => tableInUse(change) ?? []);
  const rows = await engine.estimateRows(session, live);
  for (const each of planned.filter(({ change }) => !isAboutView(change))) {
    const { object, class: statementClass, change, creates = [] } = each;
    for (const [index, written] of (await engine.statementsFor(session, change)).entries()) {
      const { part, ...place } = written;
      const alone = part && isNeededAtOnce(part, change, planned) ? undefined : written.standalone;
      const about =
        part && change.kind === 'alter table'
          ? { object: shownPart(object, change.to.table, part), class: classify(part, engine) }
          : { object: shownRebuild(object, change, engine), class: statementClass };
      const cost = alone?.cost ?? engine.costOf(change, part);
      if (cost) claims.add(change, cost);
      const estimate = rows.get(qualified(tableInUse(change) ?? { name: '' }));
      (alone ? standalone : place.first ? first : place.last ? last : now).push({
        statement: {
          ...about,
          sql: alone?.sql ?? written.sql,
          ...(cost ? { cost: reportedCost(cost, estimate) } : {}),
        },
        creates: [...(index === 0 ? creates : []), ...createdWith(change, part, index === 0)],
      });
    }
  }
  return { statements: [...first, ...before, ...now, ...last, ...after], standalone, claims: claims.list() };
}

/** A relation needs the unique index that it points to when it is made. */
function isNeededAtOnce(part: TablePart, change: StructureChange, planned: readonly PlannedChange[]): boolean {
  if (part.kind !== 'add index' || !part.index.unique || change.kind !== 'alter table') return false;
  const keys = planned.flatMap(({ change: each }) => {
    if (each.kind === 'create table') return each.table.foreignKeys;
    if (each.kind !== 'alter table') return [];
    return each.parts.flatMap((other) => (other.kind === 'add foreign key' ? [other.foreignKey] : []));
  });
  return keys.some(({ references }) => qualified(references.table) === qualified(change.to.table));
}

function isAboutView({ kind }: StructureChange): boolean {
  return kind === 'create view' || kind === 'replace view' || kind === 'drop view';
}

/** A statement that does all parts of a change at once names those that lose data. */
function shownRebuild(table: string, change: StructureChange, engine: Engine): string {
  if (change.kind !== 'alter table') return table;
  const losing = change.parts.filter((part) => classify(part, engine) === 'destructive');
  return losing.length === 0 ? table : losing.map((part) => shownPart(table, change.to.table, part)).join(', ');
}

function reportedCost({ work, blocks, lock }: StatementCost, rows: number | undefined): ReportedCost {
  return { work, blocks, lock, ...(rows === undefined ? {} : { rows }) };
}

/** A table comes with all that is in it, by its first statement; a part by its own; a rebuild with all of its parts. */
function createdWith(change: StructureChange, part: TablePart | undefined, isFirst: boolean): LedgerObject[] {
  if (change.kind === 'create schema') return [{ kind: 'schema', object: change.schema }];
  if (change.kind === 'create table') return isFirst ? objectsOf(change.table) : [];
  if (change.kind !== 'alter table') return [];
  const parts = part ? [part] : isFirst ? change.parts : [];
  return parts.flatMap((each) => (each.kind.startsWith('add') ? (objectOfPart(change.to.table, each) ?? []) : []));
}
