import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import { isView } from '../model/build.ts';
import { tableName, type Datakit } from '../model/datakit.ts';
import type { AnyEntity } from '../model/entity.ts';
import { completeRows } from './complete-rows.ts';
import type { AnyRow, GivenRows, TestRow } from './given-rows.ts';

/** How rows are made. */
export interface MakeOptions<Entity extends AnyEntity> {
  /** Another number makes other rows; the same makes the same, on every machine. Default: 1. */
  readonly seed?: number;
  /** What the rows have to be; a function gets the number of the row, from 0. */
  readonly with?: TestRow<Entity> | ((row: number) => TestRow<Entity>);
}

/**
 * Makes whole, valid rows of any entity: of the types of its columns, with keys of their own, within what its
 * expectations accept.
 *
 * @throws DATAKIT_INVALID for a column of which no valid value is known
 * @example
 * ```ts
 * const films = makeRows(Bronze.Film, 1000, { with: { rental_rate: '0.99' } });
 * ```
 */
export function makeRows<Entity extends AnyEntity>(
  entity: Entity,
  count: number,
  { seed = 1, with: wanted = {} }: MakeOptions<Entity> = {},
): GivenRows {
  const rows = Array.from(
    { length: count },
    (_, row) => (typeof wanted === 'function' ? wanted(row) : wanted) as AnyRow,
  );
  const [made] = completeRows([{ entity, rows }], { seed, choice: 'any' });
  return { entity, rows: made?.rows ?? [] };
}

/** How a scenario is made. */
export interface ScenarioOptions {
  readonly seed?: number;
  /** Rows of each table, or by table; 10 where nothing is said. */
  readonly rows?: number | Readonly<Record<string, number>>;
  /** Rows that have to be among them, with the columns that matter; they come first. */
  readonly given?: readonly GivenRows[];
}

/**
 * Makes rows for all tables of a datakit whose relations hold: every child has its parent, joins lead somewhere.
 *
 * @throws DATAKIT_INVALID for a column of which no valid value is known, TABLE_UNKNOWN for rows of a table that is not there
 * @example
 * ```ts
 * await target.load(...makeScenario(bronzePagila, { rows: { film: 100, rental: 5000 } }));
 * ```
 */
export function makeScenario(datakit: Datakit, { seed = 1, rows = 10, given = [] }: ScenarioOptions = {}): GivenRows[] {
  const tables = datakit.tables.filter(({ options }) => !isView(options.build)).map(({ entity }) => entity);
  const names = tables.map(tableName);
  const unknown = typeof rows === 'number' ? undefined : Object.keys(rows).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new DatakitError({
      code: 'TABLE_UNKNOWN',
      message: `A scenario of "${datakit.name}" has rows for "${unknown}", which is none of its tables.`,
      hint: suggestName(unknown, names),
    });
  }
  const wanted = tables.map((entity): GivenRows => {
    const count = typeof rows === 'number' ? rows : (rows[tableName(entity)] ?? 10);
    const own = given.filter((each) => each.entity === entity).flatMap((each) => each.rows);
    return { entity, rows: [...own, ...Array.from({ length: Math.max(0, count - own.length) }, () => ({}))] };
  });
  return completeRows(wanted, { seed, choice: 'any' }).map(({ shape, rows: made }) => ({
    entity: shape.entity,
    rows: made,
  }));
}
