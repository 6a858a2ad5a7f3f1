import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { Datakit } from '../model/datakit.ts';
import type { Finding } from '../report/run-report.ts';
import { expectedGrants } from '../structure/expected-grants.ts';
import { entityName } from '../structure/expected-tables.ts';

/** One finding for each right that a declared reader does not have. What others gave to others is theirs. */
export async function grantFindings(datakit: Datakit, engine: Engine, session: Session): Promise<Finding[]> {
  const wanted = expectedGrants(datakit, engine);
  if (wanted.length === 0) return [];
  const held = new Set((await engine.heldGrants(session, wanted)).map((grant) => JSON.stringify(grant)));
  return wanted
    .filter((grant) => !held.has(JSON.stringify(grant)))
    .map(({ reader, on }) => ({
      check: 'structure',
      severity: 'error',
      object: 'name' in on ? entityName(on, datakit, engine) : on.schema,
      kind: 'grant missing',
      expected: `readable by ${reader}`,
      found: null,
    }));
}
