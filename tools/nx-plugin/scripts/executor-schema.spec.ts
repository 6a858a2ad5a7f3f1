import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { operations } from '@datakit/framework/options';
import { schemaFile, schemaText } from './executor-schema.ts';

test.each(operations)('the schema of %s is what write-schemas makes of the options', async (operation) => {
  expect(readFileSync(schemaFile(operation), 'utf8')).toBe(await schemaText(operation));
});
