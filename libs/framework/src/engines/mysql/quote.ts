import { DatakitError } from '../../errors/datakit-error.ts';
import type { TableName } from '../table-structure.ts';

/** The server refuses longer names. */
export const identifierCharacters = 64;

/** Longest name of a table's file; every character but letters, digits and underscores takes five bytes in it. */
const fileNameBytes = 250;

/** Quotes a name. */
export function quote(identifier: string): string {
  return `\`${identifier.replaceAll('`', '``')}\``;
}

/** Tables have no schema here: a datakit's schema is a prefix of the name. */
export function quoteTable(table: TableName): string {
  return quote(table.name);
}

/** Quotes a text as a literal; `sql_mode` is pinned, so a backslash always escapes. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** Standard SQL, in which a backslash is a character like any other, as these servers read it. */
export function escapeLiterals(sql: string): string {
  return sql.replaceAll(/'(?:[^']|'')*'/g, (literal) => literal.replaceAll('\\', '\\\\'));
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', '0': '\0', Z: '\x1a' };

/** A literal as the server shows it (`'it\'s \\ \n'`) in standard SQL; what is no literal stays as it is. */
export function unescapeLiteral(sql: string): string {
  const literal = /^'((?:[^'\\]|''|\\.)*)'$/s.exec(sql)?.[1];
  if (literal === undefined) return sql;
  const text = literal.replaceAll(/\\(.)|''/gs, (_, letter?: string) =>
    letter === undefined ? "'" : (escapes[letter] ?? letter),
  );
  return `'${text.replaceAll("'", "''")}'`;
}

/** @throws IDENTIFIER for a name that the server cannot hold letter for letter */
export function checkIdentifier(identifier: string, what: string): void {
  const problem = findProblem(identifier, what);
  if (problem === undefined) return;
  throw new DatakitError({
    code: 'IDENTIFIER',
    message: `The ${what} "${identifier.replaceAll('\0', '\\0')}" ${problem}.`,
    hint: 'Give it another name in the entity.',
  });
}

function findProblem(identifier: string, what: string): string | undefined {
  if (identifier === '') return 'is empty';
  if (identifier.includes('\0')) return 'holds a NUL character';
  if (identifier.endsWith(' ')) return 'ends with a blank';
  if (what === 'table' && identifier.includes('.')) return 'holds a dot';
  if (what.startsWith('column') && /^db_(row_id|trx_id|roll_ptr)$/i.test(identifier))
    return 'is a name that InnoDB keeps for itself';
  if (/[\u{10000}-\u{10FFFF}]/u.test(identifier)) return 'holds a character beyond U+FFFF';
  if (identifier.length > identifierCharacters) {
    return `has ${identifier.length} characters, and MySQL and MariaDB take ${identifierCharacters}`;
  }
  const inFile = identifier.replaceAll(/[^A-Za-z0-9_]/g, '@0000').length;
  return what === 'table' && inFile > fileNameBytes ? "is too long for the server's file of it" : undefined;
}
