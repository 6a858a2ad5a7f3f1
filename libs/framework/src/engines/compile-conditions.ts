import type { Engine } from './engine.ts';
import type { InputTable } from './input-table.ts';
import { queryCompiler } from './query-compiler.ts';
import { queryFunctions } from './query-functions.ts';
import { loadKysely } from './query-module.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { ColumnType } from '../model/column-type.ts';
import { judgedRow, type AnyRowConditions } from '../model/row-condition.ts';

/** What conditions can look at. */
export interface JudgedTable {
  /** For people. */
  readonly name: string;
  /** The columns of the row, with their declared types. */
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  /** Tables for subqueries. */
  readonly inputs: ReadonlyMap<string, InputTable>;
}

/** One condition in an engine's own SQL, about a row that is called `row`. */
export interface CompiledCondition {
  readonly name: string;
  readonly sql: string;
}

/**
 * Writes conditions on a row as an engine reads them.
 *
 * @throws DATAKIT_INVALID for a condition without a name, or one that cannot be right on this engine
 */
export function compileConditions(
  conditions: AnyRowConditions,
  table: JudgedTable,
  engine: Engine,
): CompiledCondition[] {
  const { expressionBuilder } = loadKysely();
  if (table.inputs.has(judgedRow)) throw taken(table.name);
  const columns = new Map(table.columns.map(({ name, type }) => [name, type]));
  const inputs = new Map([...table.inputs, [judgedRow, { table: { name: judgedRow }, columns }]]);
  return Object.entries(conditions).map(([name, condition]) => {
    if (name.trim() === '') throw nameless(table.name);
    const functions = queryFunctions(engine, inputs, undefined);
    const node = condition(expressionBuilder() as never, functions as never).toOperationNode();
    const { sql } = queryCompiler(engine, inputs).compileQuery(node as never, { queryId: name } as never);
    return { name, sql: `(${sql})` };
  });
}

/** The name of the first condition that is true, else null. */
export function firstOf(conditions: readonly CompiledCondition[], engine: Engine): string {
  const whens = conditions.map(({ name, sql }) => `when ${sql} then ${engine.queryDialect.text(name)}`);
  return `case ${whens.join(' ')} end`;
}

function taken(table: string): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `The build of "${table}" calls an input "${judgedRow}", which is what conditions call the row that they judge.`,
    hint: 'Give the input another name.',
  });
}

function nameless(table: string): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `A condition on the rows of "${table}" has no name.`,
    hint: 'Name it after what is the matter with a row: { "no e-mail address": … }.',
  });
}
