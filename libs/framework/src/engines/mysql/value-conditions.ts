import { parseDecimal, type Decimal } from '../../model/decimal.ts';
import type { ColumnType } from '../../model/column-type.ts';
import { compareDecimalText, decimalPattern, type DecimalTextParts } from '../decimal-text.ts';
import type { ValueConditions } from '../value-conditions.ts';
import { columnType } from './column-types.ts';
import type { Flavour } from './flavour.ts';
import { quoteLiteral } from './quote.ts';

/** Decimals that are too long for the servers' own type are kept as text. */
export function createValueConditions(flavour: Flavour): ValueConditions {
  const isText = (type: ColumnType): boolean => columnType(type, flavour) === 'longtext';
  const key = (column: string, type: ColumnType): string =>
    type.kind === 'numeric' && isText(type)
      ? `case when locate('.', ${column}) > 0 then trim(trailing '.' from trim(trailing '0' from ${column})) else ${column} end`
      : column;
  return {
    key,
    compare: (column, type, comparison, constant) => {
      if (type.kind === 'numeric' && isText(type)) return compareDecimalText(column, comparison, constant, parts);
      if (!fitsLiteral(constant, type))
        return compareDecimalText(`cast(${column} as char)`, comparison, constant, parts);
      return `${column} ${comparison} ${literal(constant, type)}`;
    },
    isOneOf: (column, type, constants) => {
      if (type.kind === 'numeric' && isText(type))
        return `${key(column, type)} in (${constants.map(quoteLiteral).join(', ')})`;
      // What has more digits than the servers' decimals is none of them.
      const possible = constants.filter((constant) => fitsLiteral(constant, type));
      return `${column} in (${possible.map((constant) => literal(constant, type)).join(', ') || 'null'})`;
    },
    // `$` would also stand before a newline at the end.
    matches: (column, _, pattern) => `${column} regexp ${quoteLiteral(pattern.written('\\z'))}`,
    text: (expression) => `cast(${expression} as char)`,
    now: `date_format(utc_timestamp(6), '%Y-%m-%dT%H:%i:%s.%fZ')`,
  };
}

const exact: readonly string[] = ['smallint', 'integer', 'bigint', 'numeric'];

/** Longer decimals are read as doubles, and more digits after the point are cut. */
function fitsLiteral(constant: string, { kind }: ColumnType): boolean {
  if (!exact.includes(kind)) return true;
  const { integer, fraction } = parseDecimal(constant) as Decimal;
  return integer.length + fraction.length <= 65 && fraction.length <= 30;
}

function literal(constant: string, { kind }: ColumnType): string {
  switch (kind) {
    case 'boolean':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'numeric':
      return constant;
    case 'real':
    case 'double':
      // Without an exponent it would be a decimal.
      return constant.includes('e') ? constant : `${constant}e0`;
    case 'date':
    case 'time':
      return `${kind}'${constant}'`;
    case 'timestamp':
    case 'timestamptz':
      return `timestamp'${constant.replace('T', ' ').replace('Z', '')}'`;
    default:
      return quoteLiteral(constant);
  }
}

const parts: DecimalTextParts = {
  integer: (text) => `substring_index(trim(leading '-' from ${text}), '.', 1)`,
  fraction: (text) => `trim(trailing '0' from substring(${text}, locate('.', concat(${text}, '.')) + 1))`,
  isDecimal: (text) => `${text} regexp '${decimalPattern}'`,
};
