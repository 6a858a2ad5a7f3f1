import { DatakitError, type DatakitErrorFields } from '../errors/datakit-error.ts';
import type { DeployPlan } from './deploy-plan.ts';

/** A deployment that ran nothing, with the plan that was not run. */
export class RefusedPlan extends DatakitError {
  readonly plan: DeployPlan;

  constructor(plan: DeployPlan, fields: DatakitErrorFields) {
    super(fields);
    this.plan = plan;
  }
}
