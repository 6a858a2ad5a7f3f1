import { compileConditions, firstOf } from '../engines/compile-conditions.ts';
import type { Engine } from '../engines/engine.ts';
import type { TableBuild } from '../model/build.ts';
import type { Datakit } from '../model/datakit.ts';
import { inputTables } from './compile-build.ts';
import type { ExpectedTable } from './expected-tables.ts';

/**
 * Why a row of a build's query is set aside, as an expression over the row: a text, or null for rows that are good.
 *
 * @throws DATAKIT_INVALID for conditions that cannot be right on this engine
 */
export function quarantineReason(
  datakit: Datakit,
  { name, columns }: Pick<ExpectedTable, 'name' | 'columns'>,
  { inputs, quarantine = {} }: TableBuild,
  engine: Engine,
): string {
  const judged = { name, columns, inputs: inputTables(datakit, name, { inputs }, engine) };
  return firstOf(compileConditions(quarantine, judged, engine), engine);
}
