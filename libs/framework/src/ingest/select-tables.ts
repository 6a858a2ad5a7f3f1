import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';

/** The tables to load. @throws TABLE_UNKNOWN for a name that the datakit does not have */
export function selectTables(
  expected: readonly ExpectedTable[],
  wanted: readonly string[] | undefined,
): ExpectedTable[] {
  if (wanted === undefined) return [...expected];
  const names = expected.map((table) => table.name);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new DatakitError({
      code: 'TABLE_UNKNOWN',
      message: `The datakit has no table "${unknown}".`,
      hint: suggestName(unknown, names),
      details: { table: unknown },
    });
  }
  return expected.filter((table) => wanted.includes(table.name));
}
