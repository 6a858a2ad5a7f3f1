import type { TableName } from '../engines/table-structure.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { rejectReasons, type RejectReason } from '../files/raw-rows.ts';
import type { SiftCount } from '../files/sift/sift-request.ts';
import { formatColumnType } from '../model/column-type.ts';
import { countOf } from '../report/count-of.ts';
import type { Finding } from '../report/run-report.ts';
import type { BadRowsLimit } from './bad-rows-limit.ts';
import type { TableContract } from './source-contract.ts';

/** What was set aside or left out, for the report: counts and positions, and no values. */
export function badRowFindings(
  contract: TableContract,
  counts: readonly SiftCount[],
  read: number,
  fate: 'refused' | 'quarantined' | 'left out',
): Finding[] {
  return counts.map((count) => {
    const type = contract.columns.find(({ name }) => name === count.column)?.type;
    const first = count.first.length > 0 ? `, first: ${count.first.join(', ')}` : '';
    return {
      check: 'bad rows',
      severity: fate === 'refused' && !count.allowed ? 'error' : 'warn',
      object: count.column === null ? contract.table.name : `${contract.table.name}.${count.column}`,
      kind: count.reason,
      expected: type ? formatColumnType(type) : null,
      found: `${count.rows.toLocaleString('en')} of ${countOf(read, 'row')} ${fate}${first}`,
      failed: count.rows,
    };
  });
}

/**
 * The refusal of a load with more bad rows than are allowed.
 * @param quarantine where allowed ones are kept in this target
 */
export function tooManyBadRows(
  contract: TableContract,
  counts: readonly SiftCount[],
  read: number,
  limit: BadRowsLimit,
  quarantine: TableName,
): DatakitError {
  const bad = counts.filter(({ allowed }) => !allowed);
  const rows = bad.reduce((sum, count) => sum + count.rows, 0);
  const lines = bad.map(({ column, reason, rows: some, first }) => {
    const where = `${contract.table.name}${column === null ? '' : `.${column}`}`;
    const meaning = rejectReasons[reason as RejectReason] ?? 'cannot be loaded';
    return `- ${where}: ${reason} in ${countOf(some, 'row')} (${meaning}; ${first.join(', ')})`;
  });
  return new DatakitError({
    code: 'BAD_ROWS',
    message: `${rows.toLocaleString('en')} of ${countOf(read, 'row')} of "${contract.table.name}" ${rows === 1 ? 'is' : 'are'} bad, and --maxBadRows allows ${limit}; nothing of this load was published:\n${lines.join('\n')}`,
    hint: `Mend the rows in the source, or allow them with --maxBadRows=${rows}: the others then load, and these are kept in ${placeOf(quarantine)}. docs/bad-rows.md tells more.`,
    details: {
      table: contract.table.name,
      read,
      bad: rows,
      counts: bad.map(({ allowed: _, wasRead: __, ...rest }) => rest),
    },
  });
}

/** As people write it in their queries: with its schema where there are schemas. */
function placeOf({ schema, name }: TableName): string {
  return schema === undefined ? name : `${schema}.${name}`;
}
