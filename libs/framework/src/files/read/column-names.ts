import { DatakitError } from '../../errors/datakit-error.ts';
import type { SourceFile } from './source-file.ts';

const longestName = 200;
const mostColumns = 5000;

/**
 * Refuses names that no column has. What stands in a file may be anything, and messages show the names.
 * @throws CONTRACT
 */
export function requireUsableNames(file: SourceFile, names: readonly string[]): void {
  if (names.length > mostColumns) throw unusable(file, `has more than ${mostColumns} columns`);
  for (const name of names) {
    if (name === '') throw unusable(file, 'has a column without a name');
    if (name.length > longestName)
      throw unusable(file, `has a column whose name is longer than ${longestName} characters`);
    if (/\p{Cc}/u.test(name)) throw unusable(file, 'has a column with a control character in its name');
  }
}

/** Case twins count as one name, because most databases and DuckDB take them for one. @throws CONTRACT */
export function requireDifferentNames(file: SourceFile, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    if (seen.has(folded)) throw unusable(file, `has the column ${JSON.stringify(name)} twice`);
    seen.add(folded);
  }
}

/** The file may have been written anew since its columns were looked at. @throws CONTRACT for one that it lacks */
export function requireColumns(file: SourceFile, names: readonly string[], wanted: Iterable<string>): void {
  const there = new Set(names);
  for (const name of wanted) if (!there.has(name)) throw unusable(file, `lacks the column ${JSON.stringify(name)}`);
}

function unusable(file: SourceFile, what: string): DatakitError {
  return new DatakitError({
    code: 'CONTRACT',
    message: `The file ${file.name} ${what}; nothing was loaded.`,
    hint: 'Have the file written with the names of its columns, each once; a table whose files have no header line says so: source: { header: [ … ] }.',
    details: { file: file.name },
  });
}
