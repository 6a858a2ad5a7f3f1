import { describe, expect, it } from '@jest/globals';
import { parseColumnType } from './column-type.ts';
import { goBack, parseCursorLag, type CursorLag } from './cursor-lag.ts';

describe('a lag', () => {
  it.each([
    ['timestamptz', '5 minutes', '2024-03-01T00:04:59.123457Z', '2024-02-29T23:59:59.123457Z'],
    ['timestamp', '1 day', '2024-03-01T00:00:00.000001', '2024-02-29T00:00:00.000001'],
    ['timestamptz', '1 week', '0001-01-05T00:00:00.000000Z', undefined],
    ['timestamptz', '1 day', '0001-01-02T00:00:00.000000Z', '0001-01-01T00:00:00.000000Z'],
    ['timestamptz', '1 day', '0044-03-15 00:00:00+00 BC', undefined],
    ['date', '2 days', '2024-03-01', '2024-02-28'],
    ['bigint', 1, '9007199254740993', '9007199254740992'],
    ['bigint', '10', '-9223372036854775800', undefined],
    ['bigint', '8', '-9223372036854775800', '-9223372036854775808'],
    ['smallint', 100_000, '5', undefined],
    ['integer', 0, '-7', '-7'],
    ['numeric', '0.05', '123456789012345678901234567890.01', '123456789012345678901234567889.96'],
    ['numeric(5,2)', '1.5', '0.50', '-1'],
  ])('of %s: %s before %s is %s', (type, lag, value, expected) => {
    const columnType = parseColumnType(type);
    const parsed = parseCursorLag(lag, columnType) as CursorLag;
    expect(goBack(value, columnType, parsed)).toBe(expected);
  });

  it.each([
    ['text', '1 day'],
    ['uuid', '1'],
    ['bigint', '0.5'],
    ['bigint', '5 minutes'],
    ['bigint', -1],
    ['date', '36 hours'],
    ['timestamptz', 5],
    ['timestamptz', '-5 minutes'],
    ['numeric', 'NaN'],
  ])('of %s cannot be %s', (type, lag) => {
    expect(parseCursorLag(lag, parseColumnType(type))).toBeUndefined();
  });
});
