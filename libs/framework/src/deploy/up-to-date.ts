import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { TableStructure } from '../engines/table-structure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import { liveFingerprint, modelFingerprint } from '../structure/fingerprints.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { planHash } from './plan-hash.ts';

/**
 * The plan of a datakit that has nothing to do, where neither the model nor the database changed since the last
 * deployment: two queries, no lock. Undefined where that has to be planned.
 *
 * @param tables those of the datakit that are there, where they were just read
 */
export async function planWhenUpToDate(
  datakit: Datakit,
  engine: Engine,
  session: Session,
  ledger: Ledger,
  tables?: readonly TableStructure[],
): Promise<DeployPlan | undefined> {
  const last = await ledger.deployments.last(datakit.name);
  if (last?.modelFingerprint !== modelFingerprint(datakit, engine)) return undefined;
  const live = await liveFingerprint(datakit, engine, session, tables);
  if (last.liveFingerprint !== live) return undefined;
  const hashed = {
    datakit: datakit.name,
    statements: [],
    modelFingerprint: last.modelFingerprint,
    liveFingerprint: live,
  };
  return {
    ...hashed,
    hash: planHash(hashed),
    standalone: 0,
    claims: [],
    createdBy: [],
    destructive: [],
    newTables: [],
    created: [],
    dropped: [],
    views: [],
    isAll: true,
  };
}
