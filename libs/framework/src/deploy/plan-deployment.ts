import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { StructureChange, TablePart } from '../engines/structure-change.ts';
import type { TableName, TableStructure } from '../engines/table-structure.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { Ledger, LedgerObject } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import { compareTables } from '../structure/compare-structures.ts';
import { expectedTables, physicalName, type ExpectedTable } from '../structure/expected-tables.ts';
import { fingerprint } from '../structure/fingerprint.ts';
import { classify, type StatementClass } from './classify.ts';
import type { DeployPlan, PlannedStatement } from './deploy-plan.ts';
import { objectsOf, objectOfPart, qualified, tableOfObject } from './owned-objects.ts';

interface WrittenStatement {
  readonly statement: PlannedStatement;
  readonly creates: readonly LedgerObject[];
}

interface Planned {
  readonly object: string;
  readonly class: StatementClass;
  readonly change: StructureChange;
}

/**
 * Compares what a datakit declares with what is there, and writes the statements between the two.
 *
 * @param ledger undefined where the target has no bookkeeping yet, so nothing in it is ours
 * @throws DRIFT where a table of a declared name was made by somebody else and looks different
 * @throws DATAKIT_INVALID where a table belongs to another datakit
 */
export async function planDeployment(
  datakit: Datakit,
  engine: Engine,
  session: Session,
  ledger: Ledger | undefined,
): Promise<DeployPlan> {
  const expected = expectedTables(datakit, engine);
  const recorded = (await ledger?.objects()) ?? [];
  const owner = new Map(recorded.map((object) => [`${object.kind} ${object.object}`, object.datakit]));
  const isOurs = ({ kind, object }: LedgerObject): boolean => owner.get(`${kind} ${object}`) === datakit.name;
  const live = await engine.readTables(
    session,
    expected.map((table) => table.structure.table),
  );
  const liveByName = new Map(live.map((structure) => [qualified(structure.table), structure]));
  const created: LedgerObject[] = [];
  const dropped: LedgerObject[] = [];
  const planned: Planned[] = [];
  const destructive: string[] = [];

  const schema = expected[0]?.structure.table.schema;
  const isMissing = (table: ExpectedTable): boolean => !liveByName.has(qualified(table.structure.table));
  if (schema !== undefined && expected.every(isMissing) && !(await schemaExists(session, schema))) {
    planned.push({ object: schema, class: 'additive', change: { kind: 'create schema', schema } });
    created.push({ kind: 'schema', object: schema });
  }
  const newTables = parentsFirst(expected.filter(isMissing).map((table) => table.structure));
  for (const table of newTables) {
    const object = nameForPeople(table.table, datakit, engine);
    planned.push({ object, class: 'additive', change: { kind: 'create table', table } });
    created.push(...objectsOf(table));
  }
  for (const table of expected) {
    const from = liveByName.get(qualified(table.structure.table));
    if (!from) continue;
    const holder = owner.get(`table ${qualified(table.structure.table)}`);
    if (holder !== undefined && holder !== datakit.name) throw ownedByOther(table, holder);
    const parts = neededParts(table.structure, from, isOurs);
    // An equal one is used as it is; it does not become ours, so no clean-up will drop it.
    if (holder === undefined && parts.length > 0) throw madeBySomebodyElse(table);
    if (parts.length > 0) {
      const change = { kind: 'alter table', from, to: table.structure, parts } as const;
      planned.push({ object: table.name, class: worst(parts.map((part) => classify(part, engine))), change });
    }
    for (const part of parts) {
      const shown = shownPart(table.name, table.structure.table, part, engine);
      if (shown.class === 'destructive') destructive.push(shown.object);
      const object = objectOfPart(table.structure.table, part);
      if (object && part.kind.startsWith('add')) created.push(object);
      if (object && part.kind.startsWith('drop')) dropped.push(object);
    }
  }
  const declared = new Set(expected.map((table) => qualified(table.structure.table)));
  const undeclared = recorded.filter(
    ({ kind, object }) => kind === 'table' && isOurs({ kind, object }) && !declared.has(object),
  );
  for (const { object } of undeclared) {
    dropped.push(...recorded.filter((other) => other.object === object || other.object.startsWith(`${object}.`)));
  }
  // Those that somebody dropped already are only forgotten.
  const toDrop = await engine.readTables(
    session,
    undeclared.map(({ object }) => tableOfObject(object, engine)),
  );
  for (const structure of parentsFirst(toDrop).reverse()) {
    const object = nameForPeople(structure.table, datakit, engine);
    destructive.push(object);
    planned.push({ object, class: 'destructive', change: { kind: 'drop table', table: structure.table } });
  }
  const written = await writeStatements(engine, session, planned);
  return {
    datakit: datakit.name,
    statements: written.map(({ statement }) => statement),
    createdBy: written.map(({ creates }) => creates),
    destructive,
    newTables: newTables.map((table) => nameForPeople(table.table, datakit, engine)),
    created,
    // What is dropped to be made anew stays ours.
    dropped: dropped.filter(
      ({ kind, object }) => !created.some((each) => each.kind === kind && each.object === object),
    ),
    modelFingerprint: fingerprint(expected.map((table) => table.structure)),
  };
}

/** What must change in a live table. What somebody added by hand is not ours to drop. */
function neededParts(
  expected: TableStructure,
  live: TableStructure,
  isOurs: (object: LedgerObject) => boolean,
): TablePart[] {
  const parts = compareTables(expected, live).flatMap((difference) => {
    const isExtra = difference.expected === null && difference.kind.endsWith('not declared');
    return difference.parts.filter((part) => {
      const object = objectOfPart(expected.table, part);
      return !isExtra || (object !== undefined && isOurs(object));
    });
  });
  return parts.sort((a, b) => partOrder.indexOf(a.kind) - partOrder.indexOf(b.kind));
}

/** What hangs on a column goes before it and comes after it. */
const partOrder: readonly TablePart['kind'][] = [
  'drop foreign key',
  'drop check',
  'drop index',
  'add column',
  'change type',
  'change default',
  'change nullability',
  'change identity',
  'change primary key',
  'drop column',
  'add index',
  'add check',
  'add foreign key',
];

/** Writes the SQL; foreign keys come last, when all tables are there. */
async function writeStatements(
  engine: Engine,
  session: Session,
  planned: readonly Planned[],
): Promise<WrittenStatement[]> {
  const now: WrittenStatement[] = [];
  const last: WrittenStatement[] = [];
  for (const { object, class: statementClass, change } of planned) {
    for (const [index, { sql, part, last: runsLast }] of (await engine.statementsFor(session, change)).entries()) {
      const about =
        part && change.kind === 'alter table' ? shownPart(object, change.to.table, part, engine) : undefined;
      const statement = { object, class: statementClass, ...about, sql };
      (runsLast ? last : now).push({ statement, creates: createdWith(change, part, index === 0) });
    }
  }
  return [...now, ...last];
}

/** A table comes with all that is in it, by its first statement; a part by its own; a rebuild with all of its parts. */
function createdWith(change: StructureChange, part: TablePart | undefined, isFirst: boolean): LedgerObject[] {
  if (change.kind === 'create schema') return [{ kind: 'schema', object: change.schema }];
  if (change.kind === 'create table') return isFirst ? objectsOf(change.table) : [];
  if (change.kind === 'drop table') return [];
  const parts = part ? [part] : isFirst ? change.parts : [];
  return parts.flatMap((each) => (each.kind.startsWith('add') ? (objectOfPart(change.to.table, each) ?? []) : []));
}

/** A part for people: `film.length`, with its own class. */
function shownPart(
  table: string,
  physical: TableName,
  part: TablePart,
  engine: Engine,
): { object: string; class: StatementClass } {
  const below = objectOfPart(physical, part)?.object.slice(qualified(physical).length) ?? '';
  return { object: `${table}${below}`, class: classify(part, engine) };
}

/** The worst of several: what a rebuild of the table does. */
function worst(classes: readonly StatementClass[]): StatementClass {
  return (['destructive', 'altering', 'additive'] as const).find((each) => classes.includes(each)) ?? 'additive';
}

/** A table by the name of its entity, also where the datakit's schema is a prefix. */
function nameForPeople(table: TableName, datakit: Datakit, engine: Engine): string {
  return table.name.slice(physicalName(datakit, '', engine).name.length);
}

/** Tables that others refer to come first, for engines that write foreign keys into the table. */
function parentsFirst(tables: readonly TableStructure[]): TableStructure[] {
  const byName = new Map(tables.map((table) => [qualified(table.table), table]));
  const ordered = new Set<TableStructure>();
  const visit = (table: TableStructure, path: readonly TableStructure[]): void => {
    if (ordered.has(table) || path.includes(table)) return;
    for (const { references } of table.foreignKeys) {
      const parent = byName.get(qualified(references.table));
      if (parent) visit(parent, [...path, table]);
    }
    ordered.add(table);
  };
  for (const table of tables) visit(table, []);
  return [...ordered];
}

async function schemaExists(session: Session, schema: string): Promise<boolean> {
  const rows = await session.query('select 1 from information_schema.schemata where schema_name = ?', [schema]);
  return rows.length > 0;
}

function ownedByOther(table: ExpectedTable, holder: string): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `The table ${qualified(table.structure.table)} belongs to the datakit "${holder}" in this database.`,
    hint: 'Give one of the two datakits another schema.',
  });
}

function madeBySomebodyElse(table: ExpectedTable): DatakitError {
  return new DatakitError({
    code: 'DRIFT',
    message: `The table ${qualified(table.structure.table)} is in the database already, was not made by a deployment, and looks different.`,
    hint: 'Rename or drop it, or give the datakit another schema. "validate" shows the differences.',
  });
}
