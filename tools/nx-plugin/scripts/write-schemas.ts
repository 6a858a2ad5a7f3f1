import { writeFileSync } from 'node:fs';
import { operations } from '@datakit/framework/options';
import { schemaFile, schemaText } from './executor-schema.ts';

for (const operation of operations) writeFileSync(schemaFile(operation), await schemaText(operation));
