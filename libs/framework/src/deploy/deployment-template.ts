import { createHash } from 'node:crypto';
import type { Template } from '../engines/engine.ts';
import { Ledger } from '../ledger/ledger.ts';
import { ledgerTables } from '../ledger/ledger-tables.ts';
import type { Datakit } from '../model/datakit.ts';
import { currentInstant } from '../report/instant.ts';
import { toolName } from '../report/tool-name.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import { applyDeployment } from './apply-deployment.ts';
import type { Marking } from './create-database.ts';
import type { DeployPlan } from './deploy-plan.ts';

/**
 * A new database with a datakit in it, as a template: kept by the hash of its plan, so every change of the datakit, of
 * our version or of the bookkeeping makes another.
 *
 * @param plan the plan for an empty database
 */
export function deploymentTemplate(
  datakit: Datakit,
  { engine }: Pick<TargetDatabase, 'engine'>,
  plan: DeployPlan,
  { runId, timeoutSeconds, timeToLive }: Marking,
): Template {
  const startedAt = currentInstant();
  const made = JSON.stringify([toolName, datakit.name, plan.hash, plan.statements, ledgerTables(engine)]);
  return {
    key: createHash('sha256').update(made).digest('hex'),
    build: async (session) => {
      const ledger = new Ledger(engine, session);
      await ledger.create('disposable', runId, timeoutSeconds);
      const deployment = {
        datakit,
        engine,
        session,
        ledger,
        runId,
        recreate: false,
        mayGoOn: true,
        lockTimeout: timeoutSeconds,
      };
      await applyDeployment(deployment, (planned) => planned);
    },
    adopt: async (session) => {
      const ledger = new Ledger(engine, session);
      await ledger.adoptCopy(runId, startedAt);
      await ledger.marker.renew(timeToLive);
    },
  };
}
