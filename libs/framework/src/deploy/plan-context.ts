import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { LiveView, TableStructure } from '../engines/table-structure.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import { allStructures, expectedTables, type ExpectedTable } from '../structure/expected-tables.ts';
import { expectedViews, type ExpectedView } from '../structure/expected-views.ts';
import { objectAfter, tableAfter } from './after-renames.ts';
import { findRenames, type PendingRename } from './find-renames.ts';
import { qualified } from './owned-objects.ts';

/** What every part of the planning looks at. */
export interface PlanContext {
  readonly datakit: Datakit;
  readonly engine: Engine;
  readonly session: Session;
  readonly expected: readonly ExpectedTable[];
  /** All tables of them, histories included. */
  readonly structures: readonly TableStructure[];
  /** Renames that are still to be done; all else is planned as if they were. */
  readonly renames: readonly PendingRename[];
  readonly recordedBefore: readonly (LedgerObject & { readonly datakit: string })[];
  /** What deployments of this datakit created in this database, and the schemas, tables and views of others. */
  readonly recorded: readonly (LedgerObject & { readonly datakit: string })[];
  /** The declared tables that are there. */
  readonly live: ReadonlyMap<string, TableStructure>;
  readonly views: readonly ExpectedView[];
  /** The declared views that are there. */
  readonly liveViews: ReadonlyMap<string, LiveView>;
  /** The datakit that created an object; undefined where somebody else did. */
  ownerOf(object: LedgerObject): string | undefined;
  isOurs(object: LedgerObject): boolean;
}

/** @param ledger undefined where the target has no bookkeeping yet, so nothing in it is ours */
export async function planContext(
  datakit: Datakit,
  engine: Engine,
  session: Session,
  ledger: Ledger | undefined,
): Promise<PlanContext> {
  const expected = expectedTables(datakit, engine);
  const recordedBefore = (await ledger?.objects.listFor(datakit.name)) ?? [];
  const structures = allStructures(expected);
  const names = structures.map(({ table }) => table);
  const there = await engine.readTables(session, names);
  const ownerBefore = ownersOf(recordedBefore);
  const search = { datakit, engine, session, expected, live: there, ownerOf: ownerBefore };
  const renames = await findRenames(search);
  const recorded = recordedBefore.map((object) => objectAfter(object, renames));
  const underOldNames = renames.filter(({ from, to }) => qualified(from) !== qualified(to)).map(({ live }) => live);
  const live = [...there, ...underOldNames].map((structure) => tableAfter(structure, renames));
  const views = expectedViews(datakit, engine);
  const viewNames = views.map(({ structure }) => structure.view);
  const liveViews = await engine.readViews(session, viewNames);
  const ownerOf = renames.length === 0 ? ownerBefore : ownersOf(recorded);
  return {
    datakit,
    engine,
    session,
    expected,
    structures,
    renames,
    recordedBefore,
    recorded,
    views,
    liveViews: new Map(liveViews.map((each) => [qualified(each.view), each])),
    live: new Map(live.map((structure) => [qualified(structure.table), structure])),
    ownerOf,
    isOurs: (object) => ownerOf(object) === datakit.name,
  };
}

function ownersOf(
  recorded: readonly (LedgerObject & { readonly datakit: string })[],
): (object: LedgerObject) => string | undefined {
  const owners = new Map(recorded.map((object) => [`${object.kind} ${object.object}`, object.datakit]));
  return ({ kind, object }) => owners.get(`${kind} ${object}`);
}
