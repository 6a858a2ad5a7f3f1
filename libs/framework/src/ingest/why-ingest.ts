import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { LastLoad } from '../ledger/loads.ts';
import { tableBuild } from '../model/build.ts';
import type { Datakit } from '../model/datakit.ts';
import { parseTimeSpan } from '../model/time-span.ts';
import { expectedTables, type ExpectedTable } from '../structure/expected-tables.ts';
import { loadDefinition } from '../structure/load-definition.ts';
import { upstreamTables } from './require-inputs.ts';

/**
 * Why the tables of a datakit would be filled, from what the target's ledger says: it was never deployed or loaded here,
 * its declaration is another one, what it is built from was loaded since, or its load is older than its rows may be.
 *
 * @returns undefined where the target holds a load of each table that is still good
 */
export async function whyIngest(datakit: Datakit, engine: Engine, session: Session): Promise<string | undefined> {
  const ledger = new Ledger(engine, session);
  if (!(await ledger.exists())) return 'never deployed here';
  const filled = filledTables(datakit, engine);
  const loads = new Map<ExpectedTable, LastLoad>();
  for (const table of filled) {
    const last = await ledger.loads.latest(datakit.name, table.name);
    if (!last) return `never loaded: ${table.name}`;
    if (last.definition !== loadDefinition(table, engine, datakit)) return `code changed: ${table.name}`;
    const maxAge = maxAgeOf(table);
    if (maxAge !== undefined && Date.now() - Date.parse(last.publishedAt) > maxAge) return `stale: ${table.name}`;
    loads.set(table, last);
  }
  const oldest = [...loads.values()].map(({ publishedAt }) => publishedAt).toSorted()[0];
  for (const { owner, name } of upstreamTables(datakit, engine)) {
    const last = await ledger.loads.latest(owner.name, name);
    // In the same millisecond nobody knows which was first.
    if (last && oldest !== undefined && last.publishedAt >= oldest) return `upstream reloaded: ${owner.name}.${name}`;
  }
  return undefined;
}

/**
 * The tables of a datakit whose last load was not made by one run, or was made of another declaration than today's: what
 * that run still has to load.
 */
export async function missingIn(
  runId: string,
  datakit: Datakit,
  engine: Engine,
  session: Session,
): Promise<readonly string[]> {
  const ledger = new Ledger(engine, session);
  const filled = filledTables(datakit, engine);
  if (!(await ledger.exists())) return filled.map(({ name }) => name);
  const missing: string[] = [];
  for (const table of filled) {
    const last = await ledger.loads.latest(datakit.name, table.name);
    const isMade = last?.runId === runId && last.definition === loadDefinition(table, engine, datakit);
    if (!isMade) missing.push(table.name);
  }
  return missing;
}

/** The tables that an ingest of the datakit fills. */
function filledTables(datakit: Datakit, engine: Engine): ExpectedTable[] {
  return expectedTables(datakit, engine).filter(
    ({ definition }) => datakit.source !== undefined || tableBuild(definition.options.build) !== undefined,
  );
}

/** How old rows may be, where the table says so. */
function maxAgeOf({ definition }: ExpectedTable): number | undefined {
  const ages = (definition.options.expect ?? []).flatMap((each) =>
    each.kind === 'freshness' ? [parseTimeSpan(each.maxAge) ?? Infinity] : [],
  );
  return ages.length === 0 ? undefined : Math.min(...ages);
}
