import type { Engine } from '../engines/engine.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { Expectation } from '../model/expectation.ts';
import { countOf } from '../report/count-of.ts';
import { parseTimeSpan } from '../model/time-span.ts';
import type { Check } from './check.ts';
import { whereOf, type CheckContext, type CheckParts } from './check-context.ts';
import { columnsOf, onlyColumnOf } from './checked-columns.ts';
import type { CheckedTable } from './checked-table.ts';
import { portableConstant } from './constants.ts';
import { acceptedValuesCheck, matchesCheck, notNullChecks, rangeCheck } from './row-checks.ts';
import { reconcilesCheck } from './reconciles-check.ts';
import { relationshipCheck, sqlCheck, uniqueCheck } from './statement-checks.ts';

/**
 * Makes the expectations of a datakit's tables ready to run on an engine. Nothing is read.
 *
 * @param of whose expectations; all tables unless told otherwise
 * @throws DATAKIT_INVALID for an expectation that names no column, or compares one with what it cannot hold
 */
export function compileChecks(tables: readonly CheckedTable[], engine: Engine, of = tables): Check[] {
  return of.flatMap((table) =>
    (table.definition.options.expect ?? []).flatMap((expectation) =>
      // The ledger answers that one, and not the table.
      expectation.kind === 'upToDate' ? [] : compileCheck(expectation, table, tables, engine),
    ),
  );
}

function compileCheck(
  expectation: Expectation,
  table: CheckedTable,
  tables: readonly CheckedTable[],
  engine: Engine,
): Check[] {
  const { kind, severity, where } = expectation;
  const invalid = (problem: string, hint?: string): DatakitError =>
    new DatakitError({
      code: 'DATAKIT_INVALID',
      message: `The expectation ${kind}(${expectation.columns?.join(', ') ?? ''}) of "${table.name}" ${problem}.`,
      hint: hint ?? 'docs/expectations.md shows what each of them takes.',
    });
  if (!['error', 'warn'].includes(severity)) throw invalid(`has the severity "${severity}"`, 'Use error or warn.');
  if (where !== undefined && where.trim() === '') throw invalid('has an empty "where"', 'Leave it out.');
  const context = { expectation, table, tables, engine, invalid };
  const columns = columnsOf(context).map((column) => column.name);
  return partsOf(context).map((parts) => ({
    table,
    kind,
    severity,
    object: columns.length === 1 ? `${table.name}.${columns[0]}` : table.name,
    needs: [{ table: table.structure.table, columns }],
    hasOwnSql: where !== undefined || kind === 'sql',
    ...parts,
  }));
}

function partsOf(context: CheckContext): CheckParts[] {
  const { kind } = context.expectation;
  const make = makers[kind as keyof typeof makers] as
    ((context: CheckContext) => CheckParts | CheckParts[]) | undefined;
  if (!make) throw context.invalid('is of no known kind', 'Make it with one of the functions of the framework.');
  return [make(context)].flat();
}

const makers: {
  readonly [Kind in Exclude<Expectation['kind'], 'upToDate'>]: (
    context: CheckContext<Kind>,
  ) => CheckParts | CheckParts[];
} = {
  notNull: notNullChecks,
  acceptedValues: acceptedValuesCheck,
  range: rangeCheck,
  matches: matchesCheck,
  unique: uniqueCheck,
  relationship: relationshipCheck,
  sql: sqlCheck,
  reconciles: reconcilesCheck,
  rowCount: ({ expectation: { counts, where }, invalid }) => {
    const wanted = Object.entries(counts);
    if (wanted.length === 0) throw invalid('gives no count', 'Give min, max or equals.');
    for (const [name, count] of wanted) {
      if (!Number.isSafeInteger(count) || count < 0) throw invalid(`has "${name}: ${count}"`, 'Give a whole number.');
    }
    const words = { min: 'at least', max: 'at most', equals: 'exactly' };
    return {
      problem: 'row count',
      expected: wanted
        .map(([name, count]) => `${words[name as keyof typeof words]} ${countOf(count, 'row')}`)
        .join(' and '),
      way: { by: 'count', condition: whereOf(where), counts },
    };
  },
  freshness: (context) => {
    const { expectation, invalid } = context;
    const column = onlyColumnOf(context);
    if (!['date', 'timestamp', 'timestamptz'].includes(column.type.kind)) {
      throw invalid('is about a column that is no date and no instant');
    }
    const maxAgeMs = parseTimeSpan(expectation.maxAge);
    if (
      maxAgeMs === undefined ||
      portableConstant(new Date(Date.now() + maxAgeMs), { kind: 'timestamptz' }) === undefined
    ) {
      throw invalid(
        `has the maxAge "${expectation.maxAge}"`,
        'Write it as "90 minutes", "2 hours", "1 day" or "3 weeks".',
      );
    }
    return {
      problem: 'stale',
      expected: `a row at most ${expectation.maxAge.trim()} old`,
      way: { by: 'newest', condition: whereOf(expectation.where), column, maxAgeMs },
    };
  },
};
