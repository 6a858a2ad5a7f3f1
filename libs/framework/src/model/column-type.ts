import { DatakitError } from '../errors/datakit-error.ts';

/**
 * What a column holds, independent of any engine. The vocabulary is that of standard SQL as PostgreSQL speaks it,
 * because every other engine's types can be named in it; each engine then says how it keeps such a column.
 */
export type ColumnType =
  | { readonly kind: 'boolean' | 'smallint' | 'integer' | 'bigint' | 'real' | 'double' }
  | { readonly kind: 'numeric'; readonly precision?: number; readonly scale?: number }
  | { readonly kind: 'text' | 'uuid' | 'date' | 'json' | 'jsonb' | 'bytea' }
  | { readonly kind: 'varchar'; readonly length?: number }
  /** Padded to its length; without one it takes any number of characters, as only PostgreSQL's `bpchar` does. */
  | { readonly kind: 'char'; readonly length?: number }
  | { readonly kind: 'time' | 'timetz' | 'timestamp' | 'timestamptz' | 'interval'; readonly precision?: number }
  | { readonly kind: 'array'; readonly of: ColumnType }
  /** A type that only some engines have (`tsvector`, `inet`, `int4range`), by its own name; others keep its text. */
  | { readonly kind: 'named'; readonly name: string };

const simpleNames: Readonly<Record<string, ColumnType>> = {
  boolean: { kind: 'boolean' },
  bool: { kind: 'boolean' },
  smallint: { kind: 'smallint' },
  int2: { kind: 'smallint' },
  integer: { kind: 'integer' },
  int: { kind: 'integer' },
  int4: { kind: 'integer' },
  bigint: { kind: 'bigint' },
  int8: { kind: 'bigint' },
  real: { kind: 'real' },
  float4: { kind: 'real' },
  'double precision': { kind: 'double' },
  float8: { kind: 'double' },
  text: { kind: 'text' },
  uuid: { kind: 'uuid' },
  date: { kind: 'date' },
  json: { kind: 'json' },
  jsonb: { kind: 'jsonb' },
  bytea: { kind: 'bytea' },
};

const sizedNames: Readonly<Record<string, (sizes: readonly number[]) => ColumnType>> = {
  numeric: ([precision, scale]) =>
    precision === undefined ? { kind: 'numeric' } : { kind: 'numeric', precision, scale: scale ?? 0 },
  varchar: ([length]) => (length === undefined ? { kind: 'varchar' } : { kind: 'varchar', length }),
  char: ([length]) => ({ kind: 'char', length: length ?? 1 }),
  time: ([precision]) => withPrecision('time', precision),
  timetz: ([precision]) => withPrecision('timetz', precision),
  timestamp: ([precision]) => withPrecision('timestamp', precision),
  timestamptz: ([precision]) => withPrecision('timestamptz', precision),
  interval: ([precision]) => withPrecision('interval', precision),
};

const longNames: Readonly<Record<string, string>> = {
  decimal: 'numeric',
  'character varying': 'varchar',
  character: 'char',
  bpchar: 'char',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
};

function withPrecision(
  kind: 'time' | 'timetz' | 'timestamp' | 'timestamptz' | 'interval',
  precision?: number,
): ColumnType {
  // Six digits are the engines' default and their most, so `timestamptz(6)` and `timestamptz` are one type.
  return precision === undefined || precision === 6 ? { kind } : { kind, precision };
}

/**
 * Reads a type as SQL writes it: `numeric(5,2)`, `character varying(20)`, `timestamp(3) with time zone`, `text[]`.
 *
 * @throws TYPE_UNSUPPORTED when the text is no type name at all
 * @example
 * ```ts
 * parseColumnType('numeric(5,2)[]'); // { kind: 'array', of: { kind: 'numeric', precision: 5, scale: 2 } }
 * ```
 */
export function parseColumnType(text: string): ColumnType {
  const trimmed = text.trim();
  if (trimmed.endsWith('[]')) return { kind: 'array', of: parseColumnType(trimmed.slice(0, -2)) };
  const parts =
    /^(?<head>[\p{L}_"][\p{L}\p{N}_$". ]*?)\s*(?:\((?<sizes>[\w\s,-]+)\))?(?<tail>\s+with(?:out)? time zone)?$/iu.exec(
      trimmed,
    );
  if (!parts?.groups) {
    throw new DatakitError({
      code: 'TYPE_UNSUPPORTED',
      message: `"${text}" is not a column type.`,
      hint: 'Write it as PostgreSQL does: integer, numeric(10,2), varchar(40), timestamptz, text[] …',
    });
  }
  const written = `${parts.groups['head']}${parts.groups['tail'] ?? ''}`.replaceAll(/\s+/g, ' ').trim();
  const typed = written.includes('"') ? written : written.toLowerCase();
  // "character" alone is one character, and "bpchar" alone any number.
  if (typed === 'bpchar' && !parts.groups['sizes']) return { kind: 'char' };
  const name = (Object.hasOwn(longNames, typed) && longNames[typed]) || typed;
  const simple = Object.hasOwn(simpleNames, name) ? simpleNames[name] : undefined;
  if (simple) return simple;
  const sizes = parts.groups['sizes']?.split(',').map(Number) ?? [];
  const sized = Object.hasOwn(sizedNames, name) ? sizedNames[name] : undefined;
  return sized
    ? sized(sizes)
    : { kind: 'named', name: parts.groups['sizes'] ? `${name}(${parts.groups['sizes']})` : name };
}

/** Writes a type the way PostgreSQL's `format_type()` does, so that equal types have equal texts. */
export function formatColumnType(type: ColumnType): string {
  switch (type.kind) {
    case 'double':
      return 'double precision';
    case 'numeric':
      return type.precision === undefined ? 'numeric' : `numeric(${type.precision},${type.scale ?? 0})`;
    case 'varchar':
      return type.length === undefined ? 'character varying' : `character varying(${type.length})`;
    case 'char':
      return type.length === undefined ? 'bpchar' : `character(${type.length})`;
    case 'time':
    case 'timestamp':
      return `${type.kind}${sizeSuffix(type.precision)} without time zone`;
    case 'timetz':
    case 'timestamptz':
      return `${type.kind.slice(0, -2)}${sizeSuffix(type.precision)} with time zone`;
    case 'interval':
      return `interval${sizeSuffix(type.precision)}`;
    case 'array':
      return `${formatColumnType(type.of)}[]`;
    case 'named':
      return type.name;
    default:
      return type.kind;
  }
}

function sizeSuffix(precision: number | undefined): string {
  return precision === undefined ? '' : `(${precision})`;
}
