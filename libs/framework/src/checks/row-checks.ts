import type { Bound, RangeEnds } from '../model/expectation.ts';
import { formatColumnType } from '../model/column-type.ts';
import { readPattern } from '../model/portable-pattern.ts';
import type { Comparison } from '../engines/value-conditions.ts';
import { columnsOf, onlyColumnOf } from './checked-columns.ts';
import type { CheckedColumn } from './checked-table.ts';
import { whereOf, type AnyContext, type CheckContext, type CheckParts } from './check-context.ts';
import { hasRange, isWholeNumber, portableConstant } from './constants.ts';

/** Longest list of values that a finding shows. */
const shownCharacters = 80;

/** One check a column, so that each finding names one. */
export function notNullChecks(context: CheckContext<'notNull'>): CheckParts[] {
  const columns = columnsOf(context);
  if (columns.length === 0) throw context.invalid('names no column');
  return columns.map(({ name, quoted }) => ({
    object: `${context.table.name}.${name}`,
    problem: 'null',
    expected: 'not null',
    way: byRow(context, `${quoted} is null`),
  }));
}

export function acceptedValuesCheck(context: CheckContext<'acceptedValues'>): CheckParts {
  const { expectation, engine, invalid } = context;
  const column = onlyColumnOf(context);
  if (expectation.values.length === 0) throw invalid('accepts no value');
  const constants = expectation.values.map((value) => constantFor(context, column, value));
  // No whole number equals it, and some engines would round it to one.
  const broken = constants.find((constant) => isWholeNumber(column.type) && constant.includes('.'));
  if (broken !== undefined) throw invalid(`accepts ${broken} for a column of ${formatColumnType(column.type)}`);
  const list = expectation.values.map(String).join(', ');
  return {
    problem: 'value not accepted',
    expected: list.length > shownCharacters ? `one of ${constants.length} values` : `one of ${list}`,
    way: byRow(context, `not ${engine.valueConditions.isOneOf(column.quoted, column.type, constants)}`),
  };
}

const ends: Readonly<Record<keyof RangeEnds, readonly [Comparison, string]>> = {
  min: ['>=', 'at least'],
  above: ['>', 'more than'],
  max: ['<=', 'at most'],
  below: ['<', 'less than'],
};

export function rangeCheck(context: CheckContext<'range'>): CheckParts {
  const { expectation, engine, invalid } = context;
  const column = onlyColumnOf(context);
  if (!hasRange(column.type)) {
    throw invalid(`is about a column of ${formatColumnType(column.type)}, which is no number, date or time`);
  }
  const given = Object.entries(expectation.ends) as [keyof RangeEnds, Bound][];
  const names = given.map(([name]) => name);
  if (
    given.length === 0 ||
    (names.includes('min') && names.includes('above')) ||
    (names.includes('max') && names.includes('below'))
  ) {
    throw invalid('has no end, or two on one side', 'Give min or above, max or below, or one of each.');
  }
  const bounds = given.map(([name, bound]) => ({ name, bound, constant: constantFor(context, column, bound) }));
  const conditions = bounds.map(({ name, constant }) =>
    engine.valueConditions.compare(column.quoted, column.type, ends[name][0], constant),
  );
  const shown = (bound: Bound): string => (bound instanceof Date ? bound.toISOString() : String(bound));
  return {
    problem: 'out of range',
    expected: bounds.map(({ name, bound }) => `${ends[name][1]} ${shown(bound)}`).join(' and '),
    way: byRow(context, `not (${conditions.join(' and ')})`),
  };
}

const texts: readonly string[] = ['text', 'varchar', 'char', 'uuid', 'named'];

export function matchesCheck(context: CheckContext<'matches'>): CheckParts {
  const { expectation, engine, invalid } = context;
  const column = onlyColumnOf(context);
  if (!texts.includes(column.type.kind)) {
    throw invalid(`is about a column of ${formatColumnType(column.type)}, which is no text`);
  }
  const pattern = readPattern(expectation.pattern);
  if ('problem' in pattern) {
    throw invalid(
      `has a pattern that ${pattern.problem}`,
      'docs/expectations.md lists what every engine understands; sql() takes the rest.',
    );
  }
  return {
    problem: 'no match',
    expected: `matches ${expectation.pattern}`,
    way: byRow(context, `not (${engine.valueConditions.matches(column.quoted, column.type, pattern)})`),
  };
}

function byRow({ expectation }: AnyContext, failing: string): CheckParts['way'] {
  return {
    by: 'row',
    failing: expectation.where === undefined ? failing : `${whereOf(expectation.where)} and ${failing}`,
  };
}

function constantFor(context: AnyContext, { type }: CheckedColumn, value: unknown): string {
  const constant = portableConstant(value, type);
  if (constant !== undefined) return constant;
  const shown = value instanceof Date ? 'that date' : JSON.stringify(typeof value === 'bigint' ? String(value) : value);
  throw context.invalid(
    `compares a column of ${formatColumnType(type)} with ${shown}`,
    'Numbers beyond 2^53 are written as text or 5n; dates as 2024-02-29, instants as 2024-02-29T12:00:00Z.',
  );
}
