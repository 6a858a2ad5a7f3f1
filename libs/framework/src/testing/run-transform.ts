import type { LoadedTable } from '../ingest/ingest-request.ts';
import type { Datakit } from '../model/datakit.ts';
import type { AnyEntity } from '../model/entity.ts';
import type { TargetRequest } from '../targets/target-definition.ts';
import type { GivenRows } from './given-rows.ts';
import type { ReadRow } from './read-rows.ts';
import { deployTestTarget, type QuarantinedRow } from './test-target.ts';

/** What a transform made of the rows that it was given. */
export interface TransformResult<Entity extends AnyEntity> {
  /** All rows of its table, in the order of the key. */
  readonly rows: ReadRow<Entity>[];
  readonly quarantined: QuarantinedRow[];
  /** What the report says of it. */
  readonly table: LoadedTable;
}

/**
 * Runs the build of one table alone, on a disposable target: no upstream data, no source, no other table. Tables that get
 * no rows are empty. Its expectations are audited as always.
 *
 * @param given rows for its inputs, with the columns that matter; rows of the table itself are there before it is built
 * @param target `sqlite_memory` unless told otherwise
 * @throws CHECK_FAILED, DATAKIT_INVALID and whatever else an ingest throws
 * @example
 * ```ts
 * const { rows } = await runTransform(silver, Customer, [given(Bronze.Customer, [{ customer_id: 1, first_name: 'ANN' }])]);
 * expect(rows).toMatchObject([{ customer_id: 1, name: 'Ann' }]);
 * ```
 */
export async function runTransform<Entity extends AnyEntity>(
  datakit: Datakit,
  entity: Entity,
  given: readonly GivenRows[],
  target: string | TargetRequest = 'sqlite_memory',
): Promise<TransformResult<Entity>> {
  await using place = await deployTestTarget([datakit], target);
  await place.load(...given);
  const [table] = await place.build(datakit, [entity]);
  return {
    rows: await place.rows(entity),
    quarantined: await place.quarantined(datakit, entity),
    table: table!,
  };
}
