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
  if (precision === undefined) return { problem: shape, value: parts(written('datakit_d.fraction')) };
  const exact = {
    problem: `coalesce(${shape}, ${parts(fits(precision, scale))})`,
    value: parts(written(`rpad(rtrim(datakit_d.fraction, '0'), ${Math.max(scale, 0)}, '0')`)),
  };
  if (precision > longestDecimal || scale < 0 || scale >= precision) return exact;
  // What plainly fits is cast, in a fifth of the time.
  const plain = matches(trimmed, `[+-]?[0-9]{1,${precision - scale}}([.][0-9]{0,${scale}})?`);
  return {
    problem: `if(${plain}, null, ${exact.problem})`,
    value: `if(${plain}, try_cast(${trimmed} as decimal(${precision}, ${scale}))::varchar, ${exact.value})`,
  };
}

/** Which of the digits `datakit_d` the type does not hold. */
function fits(precision: number, scale: number): string {
  const zeros = scale - precision;
  const isTooGreat =
    zeros > 0
      ? `datakit_d.whole <> '' or translate(left(datakit_d.fraction, ${zeros}), '0', '') <> ''`
      : `length(datakit_d.whole) > ${precision - scale}`;
  const isTooPrecise =
    scale < 0
      ? `rtrim(datakit_d.fraction, '0') <> '' or translate(right(datakit_d.whole, ${-scale}), '0', '') <> ''`
      : `length(rtrim(datakit_d.fraction, '0')) > ${scale}`;
  return firstProblem([isTooGreat, 'out_of_range'], [isTooPrecise, 'too_precise']);
}

/** As PostgreSQL writes it: no needless zeros before the point, and none but a positive zero. */
function written(fraction: string): string {
  return `if(datakit_d.sign = '-' and translate(datakit_d.whole || datakit_d.fraction, '0', '') <> '', '-', '') || if(datakit_d.whole = '', '0', datakit_d.whole)
    || if(${fraction} = '', '', '.' || ${fraction})`;
}

/**
 * Computes with the digits `datakit_d` of a decimal, its exponent resolved. DuckDB has no names for parts of an expression but
 * the parameters of its lambdas; written out, the parts would make it plan for seconds.
 */
function withParts(text: string): (expression: string) => string {
  const pattern = '^([+-]?)0*([0-9]*)(?:[.]([0-9]*))?(?:[eE]([+-]?[0-9]+))?$';
  const parts = `regexp_extract(${text}, '${pattern}', ['sign', 'whole', 'fraction', 'power'])`;
  const point = `(length(datakit_e.whole) + coalesce(try_cast(datakit_e.power as integer), 0))`;
  const moved = `if(datakit_e.power = '', {'sign': datakit_e.sign, 'whole': datakit_e.whole, 'fraction': datakit_e.fraction}, {'sign': datakit_e.sign,
      'whole': ltrim(if(${point} <= 0, '', rpad(left(datakit_e.whole || datakit_e.fraction, ${point}), ${point}::integer, '0')), '0'),
      'fraction': if(${point} <= 0, repeat('0', -${point}) || datakit_e.whole || datakit_e.fraction, substr(datakit_e.whole || datakit_e.fraction, ${point} + 1))})`;
  return (expression) =>
    `list_transform(list_transform([${parts}], lambda datakit_e: ${moved}), lambda datakit_d: ${expression})[1]`;
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
