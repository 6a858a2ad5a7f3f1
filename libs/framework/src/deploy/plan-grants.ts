import type { Grant } from '../engines/structure-change.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';
import { expectedGrants } from '../structure/expected-grants.ts';
import { entityName } from '../structure/expected-tables.ts';
import { qualified, tableOfObject } from './owned-objects.ts';
import type { PlanContext } from './plan-context.ts';
import type { WrittenStatement } from './write-statements.ts';

/** Rights to read that are missing, and those that we gave to somebody who is no longer declared. */
export interface PlannedGrants {
  readonly statements: readonly WrittenStatement[];
  readonly created: readonly LedgerObject[];
  readonly dropped: readonly LedgerObject[];
}

/**
 * Compares the readers of a datakit with the rights that the server holds. What others gave is theirs and stays.
 * @throws ROLE_UNKNOWN
 */
export async function planGrants(context: PlanContext): Promise<PlannedGrants> {
  const { datakit, engine, session, recorded } = context;
  const wanted = expectedGrants(datakit, engine);
  const given = recorded.filter((each) => each.kind === 'grant' && context.isOurs(each));
  if (wanted.length + given.length === 0) return { statements: [], created: [], dropped: [] };
  const [missing] = await engine.missingRoles(session, datakit.readers);
  if (missing !== undefined && wanted.length > 0) throw unknownRole(missing, datakit.name);
  const names = new Set(wanted.map(grantName));
  const held = new Set((await engine.heldGrants(session, wanted)).map(grantName));
  const needed = wanted.filter((grant) => !held.has(grantName(grant)));
  const former = given.filter(({ object }) => !names.has(object));
  const revoked = await engine.heldGrants(
    session,
    former.flatMap(({ object }) => grantOf(object, context) ?? []),
  );
  const write = async (kind: 'grant' | 'revoke', grant: Grant): Promise<WrittenStatement[]> => {
    const statements = await engine.statementsFor(session, { kind, grant });
    const object = 'name' in grant.on ? entityName(grant.on, datakit, engine) : grant.on.schema;
    const creates = kind === 'grant' ? [{ kind: 'grant', object: grantName(grant) }] : [];
    return statements.map(({ sql }) => ({ statement: { object, class: 'altering', sql }, creates }));
  };
  const statements: WrittenStatement[] = [];
  for (const grant of revoked) statements.push(...(await write('revoke', grant)));
  for (const grant of needed) statements.push(...(await write('grant', grant)));
  return {
    statements,
    created: needed.map((grant) => ({ kind: 'grant', object: grantName(grant) })),
    dropped: former.map(({ kind, object }) => ({ kind, object })),
  };
}

/** As the bookkeeping knows it: below its table, so that it is forgotten with it. */
function grantName({ reader, on }: Grant): string {
  return 'name' in on ? `${qualified(on)}.select to ${reader}` : `${on.schema}.usage to ${reader}`;
}

function grantOf(object: string, { engine, datakit }: PlanContext): Grant | undefined {
  const parts = /^(?<place>.*)\.(?<right>select|usage) to (?<reader>.*)$/s.exec(object)?.groups;
  if (!parts) return undefined;
  const { place = '', right, reader = '' } = parts;
  return { reader, on: right === 'usage' ? { schema: datakit.schema } : tableOfObject(place, engine) };
}

function unknownRole(role: string, datakit: string): DatakitError {
  return new DatakitError({
    code: 'ROLE_UNKNOWN',
    message: `"${datakit}" is to be read by "${role}", and the server has no role of that name; nothing was changed.`,
    hint: 'Make the role on the server (create role …), or correct "readers" of the datakit.',
    details: { role },
  });
}
