import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { LastLoad, Loads } from '../ledger/loads.ts';
import { isView } from '../model/build.ts';
import { ownerOf, tableName, type Datakit } from '../model/datakit.ts';
import type { AnyEntity } from '../model/entity.ts';
import type { Expectation } from '../model/expectation.ts';
import { formatTimeSpan, parseTimeSpan } from '../model/time-span.ts';
import type { Finding } from '../report/run-report.ts';

type UpToDate = Extract<Expectation, { kind: 'upToDate' }>;

/**
 * Follows tables that have to be up to date down to their sources, by what the ledger says of the loads on the way.
 *
 * @throws DATAKIT_INVALID for a span of time that nobody understands
 */
export async function ageFindings(datakit: Datakit, engine: Engine, session: Session): Promise<Finding[]> {
  const declared = datakit.tables.flatMap(({ entity, options }) =>
    (options.expect ?? []).flatMap((each) =>
      each.kind === 'upToDate' ? [{ entity, expectation: each as UpToDate }] : [],
    ),
  );
  if (declared.length === 0) return [];
  const { loads } = new Ledger(engine, session);
  const findings: Finding[] = [];
  for (const { entity, expectation } of declared) {
    const maxAge = parseTimeSpan(expectation.maxAge);
    if (maxAge === undefined) throw spanless(entity, expectation);
    for (const found of await faults(datakit, entity, maxAge, loads)) {
      const expected = `all read from the source at most ${expectation.maxAge.trim()} ago, and built since`;
      const { severity } = expectation;
      findings.push({ check: 'upToDate', severity, object: tableName(entity), kind: 'stale', expected, found });
    }
  }
  return findings;
}

/** What is too old on the way to a table, for people; each table once. */
async function faults(datakit: Datakit, entity: AnyEntity, maxAge: number, loads: Loads): Promise<string[]> {
  const found = new Set<string>();
  const visited = new Set<AnyEntity>();
  const visit = async (owner: Datakit, table: AnyEntity, reader: LastLoad | undefined, by: string): Promise<void> => {
    const { build } = owner.tables.find((each) => each.entity === table)?.options ?? {};
    const name = `${owner.name}.${tableName(table)}`;
    let last = reader;
    if (!isView(build)) {
      last = await loads.latest(owner.name, tableName(table));
      if (!last) return void found.add(`${name} was never loaded`);
      // In the same millisecond nobody knows which was first.
      if (reader && last.publishedAt > reader.publishedAt) found.add(`${by} was built before the last load of ${name}`);
    }
    if (visited.has(table)) return;
    visited.add(table);
    if (build) {
      for (const input of Object.values(build.inputs)) {
        const below = ownerOf(input, owner);
        if (below) await visit(below, input, last, isView(build) ? by : name);
      }
    } else if (last) {
      const age = Date.now() - Date.parse(last.startedAt);
      if (age > maxAge) found.add(`${name} was read ${formatTimeSpan(age)} ago`);
    }
  };
  await visit(datakit, entity, undefined, '');
  return [...found];
}

function spanless(entity: AnyEntity, { maxAge }: UpToDate): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `The expectation upToDate of "${tableName(entity)}" has the maxAge "${maxAge}".`,
    hint: 'Write it as "90 minutes", "2 hours", "1 day" or "3 weeks".',
  });
}
