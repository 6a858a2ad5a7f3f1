import { expect, test } from '@jest/globals';
import { progressText } from './progress-text.ts';

test('tells rows, rate and what is left', () => {
  expect(progressText({ bytes: 5e6, rows: 25_000, estimatedRows: 100_000, seconds: 2 })).toBe(
    '25,000 of about 100,000 rows, 5.0 MB, 12,500 rows/s, 6 s left',
  );
  expect(progressText({ bytes: 5e6, rows: 1_000, estimatedRows: 1_000_000, seconds: 1 })).toContain('16 min 39 s left');
  expect(progressText({ bytes: 5e6, rows: 1_000, estimatedRows: 30_000_000, seconds: 1 })).toContain('8 h 19 min left');
});

test('promises no end where the total is not known, or was too low', () => {
  expect(progressText({ bytes: 5e6, rows: 25_000, estimatedRows: undefined, seconds: 2 })).toBe(
    '25,000 rows, 5.0 MB, 12,500 rows/s',
  );
  expect(progressText({ bytes: 5e6, rows: 25_000, estimatedRows: 20_000, seconds: 2 })).not.toContain('left');
});

test('says bytes where the source does not count its rows', () => {
  expect(progressText({ bytes: 5e6, rows: undefined, estimatedRows: 100, seconds: 2 })).toBe(
    'of about 100 rows, 5.0 MB, 2.5 MB/s',
  );
});
