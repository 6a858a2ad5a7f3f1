import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { errorsPage } from './errors-page.ts';

test('docs/errors.md lists every error code; "node tools/docs/write-errors.ts" writes it anew', () => {
  expect(readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8')).toBe(errorsPage());
});
