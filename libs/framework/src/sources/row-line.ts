import type { ConstantColumn, WireFormat } from '../model/wire-format.ts';

/** A value as the source's SQL writes it; what it may hold decides how a format has to write it. */
export interface PortableValue {
  readonly name: string;
  /**
   * - `plain`: digits, instants and the like, in which no format has to escape anything
   * - `text`: anything
   * - `json`: one JSON value without line breaks, which json-lines takes as it is
   */
  readonly holds: 'plain' | 'text' | 'json';
  /** An expression that is a text, or null. */
  readonly sql: string;
  /** JSON writes it without quotation marks. */
  readonly isNumber?: boolean;
}

/** How one SQL dialect handles texts. */
export interface TextDialect {
  literal(text: string): string;
  /** No argument is null. */
  concat(parts: readonly string[]): string;
  replace(value: string, from: string, to: string): string;
  /** A JSON string of a text, quotation marks included. */
  quoteJson(text: string): string;
}

const lineEnd = '\n';

/**
 * The expression that makes one row of a table one line of a wire format, without its end: the server builds the rows,
 * and they never become objects here.
 */
export function rowLine(
  format: WireFormat,
  values: readonly PortableValue[],
  constants: readonly ConstantColumn[],
  dialect: TextDialect,
): string {
  switch (format) {
    case 'json-lines':
      return jsonLine(values, constants, dialect);
    case 'csv':
      return separated(
        ',',
        values.map((value) => inCsv(value, dialect)),
        constants.map(({ value }) => csvText(value)),
        dialect,
      );
    default:
      return separated(
        '\t',
        values.map((value) => inTextRows(value, dialect)),
        constants.map(({ value }) => escapeTextRow(value)),
        dialect,
      );
  }
}

/** Constants are finished text at the end of the line. */
function separated(
  separator: string,
  values: readonly string[],
  constants: readonly string[],
  dialect: TextDialect,
): string {
  const parts = values.flatMap((value, index) => (index === 0 ? [value] : [dialect.literal(separator), value]));
  const end = constants.map((constant, index) => (values.length + index === 0 ? '' : separator) + constant).join('');
  return dialect.concat(end === '' ? parts : [...parts, dialect.literal(end)]);
}

const orNull = (value: string, dialect: TextDialect): string => `coalesce(${value}, ${dialect.literal('\\N')})`;

function inTextRows({ sql, holds }: PortableValue, dialect: TextDialect): string {
  if (holds === 'plain') return orNull(sql, dialect);
  const escaped = escapes.reduce((value, [from, to]) => dialect.replace(value, from, to), sql);
  return orNull(escaped, dialect);
}

/** The backslash first: the others bring some of their own. */
const escapes = [
  ['\\', '\\\\'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
] as const;

function escapeTextRow(text: string): string {
  return escapes.reduce((value, [from, to]) => value.replaceAll(from, to), text);
}

/** Always in quotes, so that a text that is literally `\N` is told from null. */
function inCsv({ sql, holds }: PortableValue, dialect: TextDialect): string {
  if (holds === 'plain') return orNull(sql, dialect);
  const quoted = dialect.concat([dialect.literal('"'), dialect.replace(sql, '"', '""'), dialect.literal('"')]);
  return orNull(quoted, dialect);
}

function csvText(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function jsonLine(
  values: readonly PortableValue[],
  constants: readonly ConstantColumn[],
  dialect: TextDialect,
): string {
  const parts = values.flatMap(({ name, sql, holds, isNumber }, index) => {
    const key = dialect.literal(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    const quotedPlain = dialect.concat([dialect.literal('"'), sql, dialect.literal('"')]);
    const value = holds === 'text' ? dialect.quoteJson(sql) : holds === 'json' || isNumber ? sql : quotedPlain;
    return [key, `coalesce(${value}, ${dialect.literal('null')})`];
  });
  const fields = constants.map(({ name, value }) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const end = fields.length === 0 ? '' : `${values.length === 0 ? '{' : ','}${fields.join(',')}`;
  return dialect.concat([...parts, dialect.literal(`${end}}`)]);
}

/** What ends a line on the wire. */
export const lineEndBytes = Buffer.from(lineEnd);
