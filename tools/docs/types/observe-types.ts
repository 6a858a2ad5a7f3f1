import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMariaDB, startPostgres } from '@datakit/framework/testing';
import { observePlace, type TypeObservation } from './observe-place.ts';
import { openPlaces } from './places.ts';
import type { SourceTypes } from './source-type.ts';
import { TypesSource } from './types-source.ts';

/** Writes every value into a real source, ingests it into every place, and reads it back with that place's own program. */
export async function observeTypes(types: SourceTypes): Promise<TypeObservation[]> {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-types-'));
  const [postgres, mariadb] = await Promise.all([
    startPostgres(),
    startMariaDB({ settings: ['local-infile=1', 'max-allowed-packet=64M'] }),
  ]);
  try {
    const source = await TypesSource.write(postgres, types);
    const observations: TypeObservation[] = [];
    for (const place of openPlaces({ postgres, mariadb, sqliteFile: join(folder, 'types.sqlite') })) {
      observations.push(...(await observePlace(place, source, join(folder, 'files'))));
    }
    return observations;
  } finally {
    await mariadb.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
