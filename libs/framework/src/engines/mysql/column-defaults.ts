import type { ColumnStructure } from '../table-structure.ts';
import type { Flavour } from './flavour.ts';
import { escapeLiterals, quoteLiteral } from './quote.ts';

const literal = /^(?:'(?:[^']|'')*'|[+-]?\d+(?:\.\d+)?|true|false|null)$/i;

/**
 * Brings a default to the form in which two equal ones are equal texts; literals are in standard SQL.
 * @param columnType in the engine's own words
 */
export function columnDefault(expression: string, columnType: string): string {
  const trimmed = expression.trim();
  if (/^datetime/.test(columnType) && /^(now\(\)|current_timestamp(\(\d?\))?)$/i.test(trimmed)) {
    // Not current_timestamp: in a session of another time zone that would not be the instant in UTC.
    return `utc_timestamp(${/\d/.exec(columnType)?.[0] ?? ''})`;
  }
  return literal.test(trimmed) ? normalLiteral(trimmed, columnType) : trimmed;
}

function normalLiteral(text: string, columnType: string): string {
  const bare = text.startsWith("'") ? text.slice(1, -1) : text;
  if (/^(tinyint|smallint|int|bigint|decimal|double)/.test(columnType)) {
    if (/^(true|false)$/i.test(bare)) return bare.toLowerCase() === 'true' ? '1' : '0';
    // The catalogue shows a decimal with all digits of its type: 0.5 as 0.50.
    return /^[+-]?\d+\.\d+$/.test(bare) ? bare.replace(/\.?0+$/, '') : bare;
  }
  if (/^datetime|^time/.test(columnType)) return `'${bare.replace(/\.0+$/, '')}'`;
  // The vocabulary is PostgreSQL's, where this is the empty array; arrays are kept as JSON.
  return text === "'{}'" && columnType === 'longtext' ? "'[]'" : `'${bare}'`;
}

/** What comes after the type in a column's definition. */
export function defaultClause(column: ColumnStructure, flavour: Flavour, comment: string): string {
  const { default: value, type } = column;
  const inWords = value === null ? '' : ` default ${valueInSql(value, type, flavour)}`;
  const noted = value !== null && isRewritten(value, type, flavour) ? `${marker}${value}` : comment;
  return `${inWords}${noted === '' ? '' : ` comment ${quoteLiteral(noted.slice(0, commentCharacters))}`}`;
}

function valueInSql(value: string, type: string, flavour: Flavour): string {
  const sql = escapeLiterals(value);
  return isExpression(value, type, flavour) ? `(${sql})` : sql;
}

function isExpression(value: string, type: string, flavour: Flavour): boolean {
  return !literal.test(value) || (/^long/.test(type) && flavour.longTextDefaultsAreExpressions);
}

/**
 * Servers rewrite an expression (`upper()` becomes `ucase()`), so the comment of its column keeps it as it was written.
 * MariaDB shows the one that we write ourselves as it is.
 */
function isRewritten(value: string, type: string, flavour: Flavour): boolean {
  const isKnown = /^utc_timestamp\(\d?\)$/i.test(value) && !flavour.longTextDefaultsAreExpressions;
  return isExpression(value, type, flavour) && !isKnown;
}

const marker = 'default: ';
const commentCharacters = 1024;

/** A live default in the form of {@link columnDefault}. */
export function liveDefault(sql: string | null, columnType: string, comment: string): string | null {
  if (sql === null) return null;
  const isOurs = !literal.test(sql) && comment.startsWith(marker);
  return isOurs ? comment.slice(marker.length) : columnDefault(sql, columnType);
}

/** A comment that somebody wrote; ours says a default. */
export function isForeignComment(comment: string): boolean {
  return comment !== '' && !comment.startsWith(marker);
}
