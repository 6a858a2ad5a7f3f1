import type { BinaryOperationNode, DefaultQueryCompiler, OperationNode, TableNode } from 'kysely';
import { DatakitError } from '../errors/datakit-error.ts';
import type { Engine } from './engine.ts';
import type { InputTablesByName } from './input-table.ts';
import { loadKysely } from './query-module.ts';

/**
 * Kysely's compiler for an engine, with two differences: values are written into the statement, which is made of what a
 * developer wrote and may have to be a view, and inputs are written as the tables that they are.
 */
export function queryCompiler(engine: Engine, inputs: InputTablesByName): DefaultQueryCompiler {
  const kysely = loadKysely();
  const { queryDialect: dialect } = engine;
  const isDecimalText = (node: OperationNode | undefined): boolean => {
    if (!node || !kysely.ReferenceNode.is(node) || !node.table || !kysely.ColumnNode.is(node.column)) return false;
    const type = inputs.get(node.table.table.identifier.name)?.columns.get(node.column.column.name);
    return type !== undefined && dialect.keepsAsText(type);
  };
  class InputCompiler extends dialect.compiler(kysely) {
    protected override appendValue(value: unknown): void {
      this.append(literal(value, engine));
    }

    protected override appendImmediateValue(value: unknown): void {
      this.append(literal(value, engine));
    }

    protected override visitTable(node: TableNode): void {
      const { schema, identifier } = node.table;
      const input = schema ? undefined : inputs.get(identifier.name);
      if (!input || this.parentNode?.kind === 'ReferenceNode') return super.visitTable(node);
      this.append(engine.quoteTable(input.table));
      if (this.parentNode?.kind !== 'AliasNode') this.append(` as ${engine.quote(identifier.name)}`);
    }

    protected override visitBinaryOperation(node: BinaryOperationNode): void {
      const operator = kysely.OperatorNode.is(node.operator) ? node.operator.operator : '';
      const orders = ['<', '<=', '>', '>=', 'between', '+', '-', '*', '/'].includes(operator);
      if (orders && (isDecimalText(node.leftOperand) || isDecimalText(node.rightOperand))) throw asText(operator);
      super.visitBinaryOperation(node);
    }
  }
  return new InputCompiler();
}

function literal(value: unknown, engine: Engine): string {
  const { text } = engine.queryDialect;
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (value instanceof Date) return text(engine.instant(value.toISOString().replace('Z', '000Z')));
  throw new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `A query holds a value of the type ${typeof value}, which has no form in SQL.`,
    hint: 'Use texts, numbers, booleans, dates and null.',
  });
}

function asText(operator: string): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `A query uses "${operator}" on a decimal column that this engine keeps as text, so the result would be wrong.`,
    hint: 'Use compare() and sum() of the functions that the query gets.',
  });
}
