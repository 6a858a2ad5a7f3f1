/** A decimal number, digit for digit; equal numbers have equal parts. */
export interface Decimal {
  readonly negative: boolean;
  /** Without leading zeros; `0` where there is nothing before the point. */
  readonly integer: string;
  /** Without trailing zeros; empty for a whole number. */
  readonly fraction: string;
}

/** More digits than any engine keeps; an exponent beyond it would only fill the memory with zeros. */
const mostDigits = 1_000;

/** Reads `-12.50`, `1e21`; undefined for what is no finite number. */
export function parseDecimal(text: string): Decimal | undefined {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i.exec(text.trim());
  const [, sign, whole = '', rest = '', exponent = '0'] = parts ?? [];
  if (whole + rest === '') return undefined;
  const shift = Number(exponent);
  if (whole.length + rest.length + Math.abs(shift) > mostDigits) return undefined;
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${rest}${'0'.repeat(Math.max(0, shift))}`;
  const point = whole.length + shift + Math.max(0, -shift);
  const integer = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0';
  const fraction = digits.slice(point).replace(/0+$/, '');
  return { negative: sign === '-' && (integer !== '0' || fraction !== ''), integer, fraction };
}

/** The shortest way to write it without an exponent. */
export function formatDecimal({ negative, integer, fraction }: Decimal): string {
  return `${negative ? '-' : ''}${integer}${fraction === '' ? '' : `.${fraction}`}`;
}
