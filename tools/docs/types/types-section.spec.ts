import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describeWith } from '@datakit/framework/testing';
import { observeTypes } from './observe-types.ts';
import { postgresTypes } from './postgres-types.ts';
import type { TypeObservation } from './observe-place.ts';
import { withTypesSection } from './types-section.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/types.md'), 'utf8');

describeWith(['postgres', 'mariadb', 'sqlite3'], 'every type of a PostgreSQL source', () => {
  let observed: TypeObservation[];

  test('arrives everywhere as it was, or is refused by a code that documents it', async () => {
    observed = await observeTypes(postgresTypes);
    const codes = new Set<string>();
    const faults = observed.flatMap(({ type, place, values }) =>
      values.flatMap(({ label, outcome, lossy }) => {
        if (typeof outcome === 'object') codes.add(outcome.refused);
        const isFine =
          typeof outcome === 'object'
            ? ['null', 'null inside'].includes(String(lossy))
            : ['kept', 'sign of zero', 'json null'].includes(outcome);
        return isFine ? [] : [{ type, place, label, outcome, lossy }];
      }),
    );
    expect(faults).toEqual([]);
    expect([...codes]).toEqual(['BAD_ROWS']);
  }, 900_000);

  test('is in docs/types.md as it was seen; "node tools/docs/write-types.ts" writes it anew', () => {
    expect(page).toBe(withTypesSection(page, postgresTypes, observed));
  });
});
