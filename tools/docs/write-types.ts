import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { observeTypes } from './types/observe-types.ts';
import { postgresTypes } from './types/postgres-types.ts';
import { withTypesSection } from './types/types-section.ts';

const file = join(import.meta.dirname, '../../docs/types.md');

// Needs PostgreSQL with psql, MariaDB with its client, and sqlite3.
const observed = await observeTypes(postgresTypes);
writeFileSync(file, withTypesSection(readFileSync(file, 'utf8'), postgresTypes, observed));
