import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { hostileNames } from '../engines/contract/hostile-names.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { defineDatakit, type Datakit } from '../model/datakit.ts';
import { postgresSource } from '../model/source-definition.ts';
import { table } from '../model/table.ts';
import { createTarget } from '../targets/named-targets.ts';
import type { ResolvedTarget } from '../targets/resolve-target.ts';
import { describeWith, outputOf, startMariaDB, startPostgres, type TestPostgres } from '../testing/index.ts';
import { deploy, ingest, openTarget, validate } from './functional-api.ts';

interface Target {
  readonly target: ResolvedTarget;
  /** What the engine's own program prints for `select <column> from <table>`, both quoted here and not by us. */
  read(schema: string, table: string, column: string): Promise<string>;
  stop(): Promise<void>;
}

type PlaceOfName = 'table' | 'column' | 'index';
const doubled = (name: string, mark: string): string => `${mark}${name.replaceAll(mark, mark + mark)}${mark}`;

/** A table of the source whose names are plain, in a datakit that has a hostile name in some places. */
function datakitWith(where: readonly PlaceOfName[], name: string, schema: string, url: string): Datakit {
  const column = where.includes('column') ? name : 'value';
  const Item = defineEntity({
    name: 'Item',
    tableName: where.includes('table') ? name : 'item',
    properties: { id: p.integer().primary(), value: p.text().nullable().fieldName(column) },
    indexes: [{ name: where.includes('index') ? name : 'by_value', properties: ['id'] }],
  });
  const source = { table: 'item', columns: { value: column } };
  const tables = [table(Item, { source })];
  return defineDatakit({
    name: `hostile-${schema.toLowerCase().replaceAll(/[^a-z0-9]/g, '0')}`,
    layer: 'bronze',
    schema,
    source: postgresSource({ system: 's', url }),
    tables,
  });
}

/** Every name in every place is refused before any SQL, or goes the whole way and comes back. */
function describeNames(engine: string, open: (source: TestPostgres) => Promise<Target>): void {
  describe(`a hostile name on ${engine}`, () => {
    let source: TestPostgres;
    let opened: Target;
    let schemas = 0;
    beforeAll(async () => {
      source = await startPostgres();
      await source.psql(
        'postgres',
        `create table item (id integer primary key, value text); insert into item values (1, 'it''s; ?')`,
      );
      opened = await open(source);
      await using database = await openTarget(opened.target);
      await deploy(datakitWith(['table'], 'canary', 'canary', source.url('postgres')), database);
      await ingest(datakitWith(['table'], 'canary', 'canary', source.url('postgres')), database);
    });
    afterAll(async () => {
      await opened?.stop();
      await source?.stop();
    });

    /** @returns false where it was refused */
    async function goesTheWholeWay(where: readonly PlaceOfName[], name: string): Promise<boolean> {
      const schema = `s${schemas++}`;
      await using database = await openTarget(opened.target);
      let datakit: Datakit;
      try {
        datakit = datakitWith(where, name, schema, source.url('postgres'));
        await deploy(datakit, database);
      } catch (error) {
        if (!(error instanceof DatakitError)) throw error;
        expect(`${error.code}: ${error.message}`).toMatch(/^(IDENTIFIER|DATAKIT_INVALID): /);
        return false;
      }
      expect(await deploy(datakit, database)).toMatchObject({ applied: false, plan: { statements: [] } });
      expect(await validate(datakit, database)).toMatchObject({ findings: [] });
      expect(await ingest(datakit, database)).toMatchObject({ tables: [{ loaded: 1 }] });
      const [tableName, column] = [where.includes('table') ? name : 'item', where.includes('column') ? name : 'value'];
      // The ORM names a table without a name after its entity.
      expect(await opened.read(schema, tableName === '' ? 'Item' : tableName, column)).toBe("it's; ?");
      return true;
    }

    it.each(hostileNames)(
      '%j, of a table, a column and an index, is refused before any SQL or comes back',
      async (name) => {
        // Indexes and tables have their names in one space on some engines.
        await goesTheWholeWay(['index'], name);
        if (await goesTheWholeWay(['table', 'column'], name)) return;
        for (const place of ['table', 'column'] as const) await goesTheWholeWay([place], name);
      },
    );

    it.each(hostileNames)('of a schema, %j, is refused or letters', (name) => {
      const make = (): Datakit => datakitWith(['table'], 'item', name, '');
      if (/^[A-Za-z]\w*$/.test(name)) expect(make().schema).toBe(name);
      else expect(make).toThrow(expect.objectContaining({ code: 'DATAKIT_INVALID' }));
    });

    it('leaves the canary as it was', async () => {
      expect(await opened.read('canary', 'canary', 'value')).toBe("it's; ?");
    });
  });
}

describeWith(['postgres', 'sqlite3'], 'as installed', () => {
  describeNames('SQLite', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'datakit-names-'));
    const file = join(folder, 'names.sqlite');
    return {
      target: createTarget({ type: 'sqlite', database: file }),
      read: (schema, name, column) =>
        outputOf('sqlite3', [
          '-batch',
          file,
          `select ${doubled(column, '"')} from ${doubled(`${schema}_${name}`, '"')}`,
        ]),
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });

  describeNames('PostgreSQL', async (server) => {
    const { host, port, user, password } = server;
    return {
      target: createTarget({ type: 'postgres', host, port, user, password, database: 'names' }),
      read: (schema, name, column) =>
        server.psql('names', `select ${doubled(column, '"')} from ${doubled(schema, '"')}.${doubled(name, '"')}`),
      stop: async () => undefined,
    };
  });
});

describeWith(['postgres', 'mariadb'], 'as installed', () => {
  describeNames('MariaDB', async () => {
    const server = await startMariaDB();
    const { host, port, user, password } = server;
    return {
      target: createTarget({ type: 'mariadb', host, port, user, password, database: 'names' }),
      read: (schema, name, column) =>
        server.mariadb('names', `select ${doubled(column, '`')} from ${doubled(`${schema}_${name}`, '`')}`),
      stop: () => server.stop(),
    };
  });
});
