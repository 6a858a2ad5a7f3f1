import type { TableDescription } from '../engines/table-description.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';

/** Which tables of a source a datakit takes; absent: all. Patterns know `*` and `?`. */
export interface TableChoice {
  /** By their whole names. */
  readonly tables?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** Names of the chosen ones, and of the views that were left because nobody named them. */
export interface ChosenTables {
  readonly chosen: readonly TableDescription[];
  readonly leftViews: readonly string[];
}

/**
 * Chooses tables. Views are only taken where they are named or matched: their rows are in the tables already.
 *
 * @throws SOURCE_TABLE_UNKNOWN for a name that the source does not have
 * @throws OPTION_INVALID where a pattern fits nothing, or nothing is left
 */
export function chooseTables(
  found: readonly TableDescription[],
  { tables, include, exclude = [] }: TableChoice,
  where: string,
): ChosenTables {
  const names = found.map(({ name }) => name);
  const unknown = tables?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new DatakitError({
      code: 'SOURCE_TABLE_UNKNOWN',
      message: `There is no table "${unknown}" in ${where}, or the user may not read it.`,
      hint: suggestName(unknown, names),
    });
  }
  for (const pattern of [...(include ?? []), ...exclude]) {
    if (names.some((name) => matches(name, [pattern]))) continue;
    throw invalid(`No table in ${where} is like "${pattern}".`, suggestName(pattern, names));
  }
  const isNamed = (name: string): boolean => tables?.includes(name) === true || matches(name, include ?? []);
  const wanted = found.filter(({ name, kind }) => {
    if (matches(name, exclude)) return false;
    return isNamed(name) || (tables === undefined && include === undefined && kind === 'table');
  });
  if (wanted.length === 0) {
    throw found.length === 0
      ? new DatakitError({
          code: 'SOURCE_TABLE_UNKNOWN',
          message: `There is no table in ${where}, or the user may read none.`,
          hint: 'Check the database, --schema, and the rights of the user.',
        })
      : invalid(`No table in ${where} is left to take.`, 'Change --tables, --include or --exclude.');
  }
  const leftViews = found.filter((table) => table.kind === 'view' && !wanted.includes(table)).map(({ name }) => name);
  return { chosen: wanted, leftViews };
}

function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const source = pattern.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, (character) =>
      character === '*' ? '.*' : character === '?' ? '.' : `\\${character}`,
    );
    return new RegExp(`^${source}$`, 'su').test(name);
  });
}

function invalid(message: string, hint: string): DatakitError {
  return new DatakitError({ code: 'OPTION_INVALID', message, hint });
}
