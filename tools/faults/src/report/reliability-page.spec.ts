import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { cases } from '../cases/index.ts';
import { page, readRecorded, renderedPage } from './recorded-results.ts';

test('the page of reliability holds what was recorded, and no more', async () => {
  const recorded = readRecorded();
  const names = cases.map(({ name }) => name);
  expect(Object.keys(recorded).filter((name) => !names.includes(name))).toEqual([]);
  expect(readFileSync(page, 'utf8')).toBe(await renderedPage(recorded));
});
