import { firstProblem, matches, type Judgement } from './judgement.ts';

/** Digits in all, and those of them behind the point; without them any number. */
interface NumericType {
  readonly precision?: number;
  readonly scale?: number;
}

const decimalText = '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?';
const notFinite = '[+-]?(?i:inf|infinity)|(?i:nan)';
/** More is no number that anybody writes, and texts of so many zeros fill the memory. */
const greatestExponent = 1000;
/** Longest decimal that DuckDB counts with. */
const longestDecimal = 38;

const integerTypes = { smallint: 'smallint', integer: 'integer', bigint: 'bigint' } as const;

/** DuckDB's own cast takes `1_000`, `0x10` and rounds `1.5`. */
export function judgeInteger(kind: keyof typeof integerTypes, text: string): Judgement {
  const number = `try_cast(trim(${text}) as ${integerTypes[kind]})`;
  return {
    problem: firstProblem(
      [`not ${matches(`trim(${text})`, '[+-]?[0-9]+')}`, 'wrong_type'],
      [`${number} is null`, 'out_of_range'],
    ),
    value: `${number}::varchar`,
  };
}

/**
 * By the digits of the text alone, so that it is exact whatever their number. Digits after the point that the type does
 * not keep are refused unless they are zeros; a lossy column rounds them.
 */
export function judgeDecimal(type: NumericType, text: string, lossy: boolean): Judgement {
  const trimmed = `trim(${text})`;
  const isDecimal = matches(trimmed, decimalText);
  const { precision, scale = 0 } = type;
  if (lossy && precision !== undefined && precision <= longestDecimal && scale >= 0 && scale <= precision) {
    const rounded = `try_cast(${trimmed} as decimal(${precision}, ${scale}))`;
    return {
      problem: firstProblem([`not ${isDecimal}`, 'wrong_type'], [`${rounded} is null`, 'out_of_range']),
      value: `${rounded}::varchar`,
    };
  }
  const parts = withParts(trimmed);
  const shape = firstProblem(
    [`not ${isDecimal}`, 'wrong_type'],
    [
      `abs(coalesce(try_cast(regexp_extract(${trimmed}, '[eE]([+-]?[0-9]+)$', 1) as integer), if(regexp_matches(${trimmed}, '[eE]'), ${greatestExponent + 1}, 0))) > ${greatestExponent}`,
      'out_of_range',
    ],
  );
  if (precision === undefined) return { problem: shape, value: parts(written('d.fraction')) };
  return {
    problem: `coalesce(${shape}, ${parts(fits(precision, scale))})`,
    value: parts(written(`rpad(rtrim(d.fraction, '0'), ${Math.max(scale, 0)}, '0')`)),
  };
}

/** Which of the digits `d.whole` and `d.fraction` the type does not hold. */
function fits(precision: number, scale: number): string {
  const zeros = scale - precision;
  const isTooGreat =
    zeros > 0
      ? `d.whole <> '' or translate(left(d.fraction, ${zeros}), '0', '') <> ''`
      : `length(d.whole) > ${precision - scale}`;
  const isTooPrecise =
    scale < 0
      ? `rtrim(d.fraction, '0') <> '' or translate(right(d.whole, ${-scale}), '0', '') <> ''`
      : `length(rtrim(d.fraction, '0')) > ${scale}`;
  return firstProblem([isTooGreat, 'out_of_range'], [isTooPrecise, 'too_precise']);
}

/** As PostgreSQL writes it: no needless zeros before the point, and none but a positive zero. */
function written(fraction: string): string {
  return `if(d.sign = '-' and translate(d.whole || d.fraction, '0', '') <> '', '-', '') || if(d.whole = '', '0', d.whole)
    || if(${fraction} = '', '', '.' || ${fraction})`;
}

/**
 * Computes with the digits `d` of a decimal, its exponent resolved. DuckDB has no names for parts of an expression but
 * the parameters of its lambdas; written out, the parts would make it plan for seconds.
 */
function withParts(text: string): (expression: string) => string {
  const pattern = '^([+-]?)0*([0-9]*)(?:[.]([0-9]*))?(?:[eE]([+-]?[0-9]+))?$';
  const parts = `regexp_extract(${text}, '${pattern}', ['sign', 'whole', 'fraction', 'power'])`;
  const point = `(length(e.whole) + coalesce(try_cast(e.power as integer), 0))`;
  const moved = `if(e.power = '', {'sign': e.sign, 'whole': e.whole, 'fraction': e.fraction}, {'sign': e.sign,
      'whole': ltrim(if(${point} <= 0, '', rpad(left(e.whole || e.fraction, ${point}), ${point}::integer, '0')), '0'),
      'fraction': if(${point} <= 0, repeat('0', -${point}) || e.whole || e.fraction, substr(e.whole || e.fraction, ${point} + 1))})`;
  return (expression) => `list_transform(list_transform([${parts}], lambda e: ${moved}), lambda d: ${expression})[1]`;
}

/** What is beyond the greatest becomes infinity in DuckDB, and what is below the least zero; both are refused. */
export function judgeFloat(kind: 'real' | 'double', text: string): Judgement {
  const number = `try_cast(trim(${text}) as ${kind === 'real' ? 'float' : 'double'})`;
  const isWord = matches(`trim(${text})`, notFinite);
  return {
    problem: firstProblem(
      [`not (${matches(`trim(${text})`, decimalText)} or ${isWord})`, 'wrong_type'],
      [`${number} is null or (isinf(${number}) and not ${isWord})`, 'out_of_range'],
      [`${number} = 0 and ${matches(`trim(${text})`, '[+-]?[0.]*[1-9].*')}`, 'out_of_range'],
    ),
    value: `case when isnan(${number}) then 'NaN' when isinf(${number}) then if(${number} > 0, 'Infinity', '-Infinity') else ${number}::varchar end`,
  };
}
