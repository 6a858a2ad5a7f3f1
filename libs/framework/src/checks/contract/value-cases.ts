import type { Expectation } from '../../model/expectation.ts';
import { acceptedValues, matches, range } from '../../model/expectations.ts';

/** Expectations of the column `v`, and values with a mark for each of them: `x` where the value fails it. */
export interface ValueCase {
  readonly type: string;
  readonly expect: readonly Expectation<'v'>[];
  readonly rows: readonly (readonly [value: string | null, marks: string])[];
}

const hostile = ["'", "'; drop table canary; --", '\\', '\\n', 'a\nb', '%', '?', '$1', '${table}', '', ' ', '😀', 'é'];

/** Values as PostgreSQL writes them, the odd ones of each type first. */
export const valueCases: readonly ValueCase[] = [
  {
    type: 'integer',
    expect: [
      range('v', { min: 1 }),
      range('v', { above: 1, below: 10 }),
      range('v', { min: 0.5 }),
      range('v', { max: -2.5 }),
      range('v', { above: -2.5, max: '5.0' }),
      range('v', { min: '-99999999999999999999', max: '99999999999999999999' }),
      acceptedValues('v', [1, 5n, '-2']),
    ],
    rows: [
      [null, '.......'],
      ['-2147483648', 'xxx.x.x'],
      ['-3', 'xxx.x.x'],
      ['-2', 'xxxx...'],
      ['0', 'xxxx..x'],
      ['1', '.x.x...'],
      ['5', '...x...'],
      ['10', '.x.xx.x'],
    ],
  },
  {
    type: 'bigint',
    expect: [
      range('v', { max: '9223372036854775806' }),
      range('v', { max: 9007199254740992n }),
      range('v', { above: '-9223372036854775808' }),
      range('v', { below: '9223372036854775806.5' }),
      acceptedValues('v', ['9007199254740993', -9223372036854775808n]),
    ],
    rows: [
      ['9223372036854775807', 'xx.xx'],
      ['-9223372036854775808', '..x..'],
      ['9007199254740993', '.x...'],
      ['9007199254740992', '....x'],
      [null, '.....'],
    ],
  },
  {
    type: 'numeric(38,8)',
    expect: [
      range('v', { max: '123456789012345678901234567890.12345678' }),
      range('v', { above: '-123456789012345678901234567890.12345679' }),
      range('v', { below: '123456789012345678901234567890.123456785' }),
      range('v', { min: '-1e40', max: `0.${'0'.repeat(70)}1` }),
      acceptedValues('v', ['123456789012345678901234567890.12345679', '0.5', `0.${'0'.repeat(70)}1`]),
    ],
    rows: [
      ['123456789012345678901234567890.12345678', '...xx'],
      ['123456789012345678901234567890.12345679', 'x.xx.'],
      ['-123456789012345678901234567890.12345679', '.x..x'],
      ['-123456789012345678901234567890.12345678', '....x'],
      ['0.00000001', '...xx'],
      ['0.50000000', '...x.'],
      ['0.00000000', '....x'],
      [null, '.....'],
    ],
  },
  {
    type: 'numeric',
    expect: [
      range('v', { min: 0 }),
      range('v', { max: '9.99' }),
      range('v', { above: '-10.5', below: '10.05' }),
      range('v', { above: -1000 }),
      acceptedValues('v', ['100.1', 9]),
    ],
    rows: [
      ['NaN', 'xxxxx'],
      ['Infinity', '.xx.x'],
      ['-Infinity', 'x.xxx'],
      ['0', '....x'],
      ['0.00', '....x'],
      ['-0.5', 'x...x'],
      ['-10.5', 'x.x.x'],
      ['-10.51', 'x.x.x'],
      ['-9', 'x...x'],
      ['9', '.....'],
      ['9.00', '.....'],
      ['9.9', '....x'],
      ['9.99', '....x'],
      ['9.990000', '....x'],
      ['9.991', '.x..x'],
      ['10', '.x..x'],
      ['10.04999', '.x..x'],
      ['10.05', '.xx.x'],
      ['10.5', '.xx.x'],
      ['100.10', '.xx..'],
      [`1${'0'.repeat(99)}`, '.xx.x'],
      [`-1${'0'.repeat(99)}.5`, 'x.xxx'],
      [`0.${'0'.repeat(99)}1`, '....x'],
      [null, '.....'],
    ],
  },
  {
    type: 'double precision',
    expect: [range('v', { min: 0, max: 0.1 }), range('v', { above: -1e300 }), acceptedValues('v', [0.1, '1e300'])],
    rows: [
      ['NaN', 'xxx'],
      ['Infinity', 'x.x'],
      ['-Infinity', 'xxx'],
      ['-0', '..x'],
      ['0.1', '...'],
      ['0.10000000000000002', 'x.x'],
      ['1e300', 'x..'],
      [null, '...'],
    ],
  },
  {
    type: 'real',
    expect: [range('v', { max: 0.1 }), acceptedValues('v', [0.1, 0.5])],
    rows: [
      ['0.1', '..'],
      ['0.5', 'x.'],
      ['0.25', 'xx'],
    ],
  },
  {
    type: 'timestamptz',
    expect: [
      range('v', { min: '2024-01-01' }),
      range('v', { above: '2024-01-01T01:00:00+01:00' }),
      range('v', { max: '2024-02-29T23:59:59.999999Z' }),
      range('v', { below: '2024-02-29T23:59:59.999999Z' }),
      range('v', { min: '0001-01-01', max: new Date('9999-12-31T23:59:59Z') }),
      acceptedValues('v', ['2024-01-01 00:00:00']),
    ],
    rows: [
      ['infinity', '..xxxx'],
      ['-infinity', 'xx..xx'],
      ['0044-03-15 12:00:00+00 BC', 'xx..xx'],
      ['0001-01-01 00:00:00+00', 'xx...x'],
      ['2023-12-31 23:59:59.999999+00', 'xx...x'],
      ['2024-01-01 00:00:00+00', '.x....'],
      ['2024-01-01 00:00:00.000001+00', '.....x'],
      ['2024-02-29 23:59:59.999998+00', '.....x'],
      ['2024-02-29 23:59:59.999999+00', '...x.x'],
      ['2024-03-01 00:00:00+00', '..xx.x'],
      ['20240-01-01 00:00:00+00', '..xxxx'],
      [null, '......'],
    ],
  },
  {
    type: 'timestamp',
    expect: [range('v', { above: '2024-01-01', below: '2024-01-01T00:00:00.000002' })],
    rows: [
      ['infinity', 'x'],
      ['2024-01-01 00:00:00', 'x'],
      ['2024-01-01 00:00:00.000001', '.'],
      ['2024-01-01 00:00:00.000002', 'x'],
    ],
  },
  {
    type: 'date',
    expect: [range('v', { min: '2024-02-29', max: '2024-02-29' }), acceptedValues('v', ['2024-03-01'])],
    rows: [
      ['infinity', 'xx'],
      ['0044-03-15 BC', 'xx'],
      ['12345-01-01', 'xx'],
      ['2024-02-28', 'xx'],
      ['2024-02-29', '.x'],
      ['2024-03-01', 'x.'],
    ],
  },
  {
    type: 'time',
    expect: [range('v', { above: '12:00', max: '12:00:00.5' })],
    rows: [
      ['12:00:00', 'x'],
      ['12:00:00.000001', '.'],
      ['12:00:00.5', '.'],
      ['12:00:00.500001', 'x'],
      ['24:00:00', 'x'],
    ],
  },
  {
    type: 'boolean',
    expect: [acceptedValues('v', [true])],
    rows: [
      ['true', '.'],
      ['false', 'x'],
      [null, '.'],
    ],
  },
  {
    type: 'text',
    expect: [
      acceptedValues('v', hostile),
      acceptedValues(
        'v',
        Array.from({ length: 2_000 }, (_, index) => (index === 0 ? 'A' : `v${index}`)),
      ),
    ],
    rows: [
      ...hostile.map((value) => [value, '.x'] as const),
      ['A', 'x.'],
      ['a', 'xx'],
      ['A ', 'xx'],
      ['v1999', 'x.'],
      ['e\u0301', 'xx'],
      ['  ', 'xx'],
      [null, '..'],
    ],
  },
  {
    type: 'char(3)',
    expect: [acceptedValues('v', ['a']), matches('v', '^a\\s\\s$')],
    rows: [
      ['a', '..'],
      ['ab', 'xx'],
    ],
  },
  {
    type: 'uuid',
    expect: [acceptedValues('v', ['00000000-0000-0000-0000-0000000000FF']), matches('v', /^0{8}-/)],
    rows: [
      ['00000000-0000-0000-0000-0000000000ff', '..'],
      ['10000000-0000-0000-0000-0000000000ff', 'xx'],
    ],
  },
  {
    type: 'inet',
    expect: [acceptedValues('v', ['10.0.0.1/8']), matches('v', /^10\./)],
    rows: [
      ['10.0.0.1/8', '..'],
      ['11.0.0.1/8', 'xx'],
    ],
  },
];
