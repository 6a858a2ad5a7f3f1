import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { engine } from '../engines/sqlite/engine.ts';
import { bronzeMetadata } from '../model/bronze-metadata.ts';
import { defineDatakit } from '../model/datakit.ts';
import type { LoadOptions } from '../model/load-options.ts';
import { table, type TableOptions } from '../model/table.ts';
import { expectedTables } from './expected-tables.ts';

const properties = {
  id: p.bigint().primary(),
  code: p.string().length(10),
  title: p.text().nullable(),
  price: p.double(),
  day: p.date(),
  changed: p.datetime(6),
  gone_at: p.datetime(6).nullable(),
  ...bronzeMetadata,
};
const Film = defineEntity({ name: 'Film', tableName: 'film', properties });

function expected(load: unknown, options: TableOptions = {}) {
  const tables = [table(Film, { ...(options as object), load: load as never })];
  return expectedTables(defineDatakit({ name: 'bronze-films', layer: 'bronze', tables }), engine)[0]?.load;
}

describe('how a table is loaded', () => {
  it('is by replacing its rows where nothing is said', () => {
    expect(expected({})).toEqual({ disposition: 'replace', key: ['id'], gone: 'keep', cursor: undefined });
  });

  it('fills in what is not said of a cursor', () => {
    const load = {
      disposition: 'merge',
      key: ['code'],
      gone: { mark: 'gone_at' },
      cursor: { column: 'changed', lag: '5 minutes' },
    };
    expect(expected(load)).toMatchObject({
      key: ['code'],
      cursor: { column: 'changed', lag: { kind: 'time', ms: 300_000 }, nulls: 'error', batchRows: undefined },
    });
  });

  it('names the columns of the entity, or does not compile', () => {
    // @ts-expect-error -- no such column
    const misspelt = table(Film, { load: { disposition: 'merge', key: ['kode'] } });
    // @ts-expect-error -- no such column
    table(Film, { load: { disposition: 'merge', cursor: { column: 'last_update' } } });
    expect(misspelt.options.load?.key).toEqual(['kode']);
  });

  it.each<[unknown, string]>([
    [{ disposition: 'upsert' }, 'the disposition "upsert"'],
    [{ disposition: 'merge', key: ['kode'] }, 'names the column "kode" in load.key'],
    [{ disposition: 'merge', key: ['title'] }, 'the nullable column "title" in its load.key'],
    [{ disposition: 'merge', key: [] }, 'an empty load.key'],
    [{ gone: 'delete' }, 'its disposition is replace'],
    [{ disposition: 'append', gone: { mark: 'gone_at' } }, 'its disposition is append'],
    [{ disposition: 'merge', gone: { mark: 'deleted' } }, 'names the column "deleted" in load.gone.mark'],
    [{ disposition: 'merge', gone: { mark: 'changed' } }, 'marks rows that are gone in "changed"'],
    [{ disposition: 'merge', gone: { mark: 'title' } }, 'marks rows that are gone in "title"'],
    [{ cursor: { column: 'changed' } }, 'has a cursor, and replaces its rows'],
    [
      { disposition: 'merge', cursor: { column: 'last_update' } },
      'names the column "last_update" in load.cursor.column',
    ],
    [{ disposition: 'merge', cursor: { column: 'price' } }, 'the cursor "price" of type double precision'],
    [{ disposition: 'merge', cursor: { column: 'bronze_load_id' } }, 'which the source does not have'],
    [{ disposition: 'merge', cursor: { column: 'changed', nulls: 'ignore' } }, 'cursor.nulls "ignore"'],
    [{ disposition: 'merge', cursor: { column: 'changed', lag: 5 } }, 'cursor.lag "5"'],
    [{ disposition: 'merge', cursor: { column: 'day', lag: '5 hours' } }, 'cursor.lag "5 hours"'],
    [{ disposition: 'merge', cursor: { column: 'code', lag: 1 } }, 'cursor.lag "1"'],
    [{ disposition: 'merge', cursor: { column: 'changed', batchRows: 0.5 } }, 'cursor.batchRows'],
  ])('cannot be %j', (load, why) => {
    expect(() => expected(load as LoadOptions)).toThrow(
      expect.objectContaining({
        code: 'DATAKIT_INVALID',
        message: expect.stringContaining(why),
        hint: expect.stringMatching(/./),
      }),
    );
  });

  it('cannot follow a cursor that is rounded', () => {
    const load = { disposition: 'merge', cursor: { column: 'changed' } } as const;
    expect(() => expected(load, { lossy: ['changed'] })).toThrow(/the cursor "changed", which is lossy/);
  });

  it('needs a key to merge by', () => {
    const Log = defineEntity({ name: 'Log', tableName: 'log', properties: { text: p.text() } });
    const tables = [table(Log, { load: { disposition: 'merge' } })];
    const kit = defineDatakit({ name: 'bronze-logs', layer: 'bronze', tables });
    expect(() => expectedTables(kit, engine)).toThrow(expect.objectContaining({ code: 'DATAKIT_INVALID' }));
  });
});
