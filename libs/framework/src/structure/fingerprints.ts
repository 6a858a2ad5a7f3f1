import { createHash } from 'node:crypto';
import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { Grant } from '../engines/structure-change.ts';
import type { LiveView, TableStructure } from '../engines/table-structure.ts';
import type { Datakit } from '../model/datakit.ts';
import { expectedSteps } from './expected-steps.ts';
import { allStructures, expectedTables } from './expected-tables.ts';
import { expectedViews } from './expected-views.ts';
import { expectedGrants } from './expected-grants.ts';
import { fingerprint } from './fingerprint.ts';
import { oncePerEngine } from './once-per-engine.ts';

/** What a datakit declares, as one short text: equal for equal declarations, as far as a database can feel them. */
export const modelFingerprint = oncePerEngine((datakit, engine): string => {
  const tables = allStructures(expectedTables(datakit, engine));
  return joined(tables, [
    ...expectedViews(datakit, engine).map(({ name, declared }) => `${name} ${declared}`),
    ...expectedSteps(datakit, engine).map(({ name, when, sql }) => `step ${when} ${name} ${sql}`),
    ...(engine.supportsGrants ? datakit.readers.map((reader) => `reader ${reader}`) : []),
  ]);
});

/**
 * The tables and views of a datakit as they are, as one short text. Reads the catalogue only.
 * @param tables those that are there, where they were just read
 */
export async function liveFingerprint(
  datakit: Datakit,
  engine: Engine,
  session: Session,
  tables?: readonly TableStructure[],
): Promise<string> {
  const names = allStructures(expectedTables(datakit, engine)).map(({ table }) => table);
  const views = expectedViews(datakit, engine).map(({ structure }) => structure.view);
  const grants = await engine.heldGrants(session, expectedGrants(datakit, engine));
  return combinedFingerprint(
    tables ?? (await engine.readTables(session, names)),
    await engine.readViews(session, views),
    grants,
  );
}

/** Live tables and views, as one short text. */
export function combinedFingerprint(
  tables: readonly TableStructure[],
  views: readonly LiveView[],
  grants: readonly Grant[] = [],
): string {
  return joined(tables, [
    ...views.map(({ view, text }) => `${view.schema ?? ''}.${view.name} ${text}`),
    ...grants.map((grant) => JSON.stringify(grant)),
  ]);
}

/** Where there are only tables it is theirs, so that what an earlier version deployed stays up to date. */
function joined(tables: readonly TableStructure[], others: readonly string[]): string {
  if (others.length === 0) return fingerprint(tables);
  const text = JSON.stringify([fingerprint(tables), ...[...others].sort()]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
