import { expect, it } from '@jest/globals';
import { formatDecimal, parseDecimal } from './decimal.ts';

it.each([
  ['0', '0'],
  ['-0.00', '0'],
  ['+5', '5'],
  ['007.50', '7.5'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['1e21', '1000000000000000000000'],
  ['1.25e1', '12.5'],
  ['125E-4', '0.0125'],
  ['-1e-7', '-0.0000001'],
  [' 12345678901234567890123456789012345678.01 ', '12345678901234567890123456789012345678.01'],
])('%j is the decimal %s', (text, plain) => expect(formatDecimal(parseDecimal(text)!)).toBe(plain));

it.each(['', '.', '-', 'e5', 'NaN', 'Infinity', '1,5', '1 5', '0x10', '--1', '1e99999', '1e5.5'])(
  '%j is none',
  (text) => expect(parseDecimal(text)).toBeUndefined(),
);
