import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineEntity, p } from '@mikro-orm/core';
import { expect, it } from '@jest/globals';
import { deployTo } from '../deploy/deploy.ts';
import { bronzeMetadata } from '../model/bronze-metadata.ts';
import { defineDatakit } from '../model/datakit.ts';
import { sqliteSource } from '../model/source-definition.ts';
import { table } from '../model/table.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import { ingestInto } from './ingest.ts';
import type { IngestOptions } from './ingest-request.ts';

const Note = defineEntity({
  name: 'Note',
  tableName: 'note',
  properties: {
    id: p.integer().primary().autoincrement(false),
    written: p.datetime(6),
    ...bronzeMetadata,
  },
});

it('a SQLite file as a source is loaded by what changed, in batches', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-incremental-'));
  const file = join(folder, 'source.sqlite');
  const notes = new DatabaseSync(file);
  try {
    // Times as `current_timestamp` writes them.
    notes.exec(`create table note (id integer primary key, written timestamptz not null);
      insert into note values (1, '2024-02-29 10:00:00'), (2, '2024-02-29 10:00:01'), (3, '2024-02-29 10:00:01')`);
    const kit = defineDatakit({
      name: 'bronze-notes',
      layer: 'bronze',
      source: sqliteSource({ system: 'notes', url: `sqlite:${file}` }),
      tables: [table(Note, { load: { disposition: 'append', cursor: { column: 'written', batchRows: 2 } } })],
    });
    const place = { engine: 'sqlite', file: join(folder, 'target.sqlite') } as const;
    await using target = await TargetDatabase.open({
      ...{ name: 'test', inMemory: false, protected: false, workspaceRoot: '/', environment: {} },
      where: { kind: 'place', place },
    });
    await deployTo(kit, target, { runId: 'run' });
    const load = async (options: Partial<IngestOptions> = {}) =>
      (await ingestInto(kit, target, { runId: 'run', mode: 'incremental', ...options })).tables[0];
    expect(await load()).toMatchObject({ read: 3, loaded: 3 });
    notes.exec(
      `insert into note values (4, '2024-02-29 10:00:01'), (5, '2024-02-29T10:00:01.000001Z'), (6, '2024-03-01 00:00:00'), (7, '2024-03-02 00:00:00')`,
    );
    expect(await load()).toMatchObject({ read: 6, published: expect.stringMatching(/^3 batches/) });
    const session = await target.connect();
    const ids = (await session.query('select id from bronze_notes_note order by id')).map((row) => row['id']);
    expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await session.query('select value from _datakit_cursors')).toEqual([
      { value: '2024-03-02T00:00:00.000000Z' },
    ]);
  } finally {
    notes.close();
    rmSync(folder, { recursive: true });
  }
});
