import { expect, it } from '@jest/globals';
import { formatTimeSpan, parseTimeSpan } from './time-span.ts';

it.each([
  ['90 minutes', 5_400_000],
  ['1 minute', 60_000],
  ['2 hours', 7_200_000],
  ['1.5 days', 129_600_000],
  ['1week', 604_800_000],
  ['0 hours', undefined],
  ['-1 hours', undefined],
  ['2', undefined],
  ['hours', undefined],
  ['2 months', undefined],
  ['2 hours 5 minutes', undefined],
  ['9'.repeat(400) + ' weeks', undefined],
  ['', undefined],
])('%j is a span of %j ms', (text, span) => expect(parseTimeSpan(text)).toBe(span));

it.each([
  [0, 'less than a minute'],
  [60_000, '1 minute'],
  [3_720_000, '1 hour 2 minutes'],
  [7_200_000, '2 hours'],
  [90_060_000, '1 day 1 hour'],
  [86_400_000 * 1500, '1,500 days'],
])('%d ms are %s', (span, text) => expect(formatTimeSpan(span)).toBe(text));
