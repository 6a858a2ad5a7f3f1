import { describe, expect, it } from '@jest/globals';
import type { Session } from '../session.ts';
import type { ContractServer } from './contract-server.ts';

/** Databases come and go, and looking at them makes none. */
export function databaseContract(server: () => ContractServer): void {
  describe('a database', () => {
    it('is there from its creation to its end, and looking for it does not make it', async () => {
      const { engine } = server();
      const place = server().place('here "and" there');
      expect(await engine.databaseExists(place)).toBe(false);
      expect(await engine.connectIfThere(place)).toBeUndefined();
      expect(await engine.databaseExists(place)).toBe(false);
      expect(await engine.createDatabase(place)).toBe(true);
      await engine.dropDatabase(place);
      expect(await engine.databaseExists(place)).toBe(false);
      await engine.dropDatabase(place);
    });

    it('takes placeholders in every statement, also beside quoted question marks', async () => {
      const { engine } = server();
      const place = server().place('placeholders');
      await engine.createDatabase(place);
      try {
        await using session = await engine.connect(place);
        const [table, column] = ['q?m', 'a?'].map((name) => engine.quote(name));
        await session.execute(`create table ${table} (${column} text, b text)`);
        await session.execute(`insert into ${table} (${column}, b) values (?, '?')`, [`it's ? \\ $1`]);
        const query = `select ${column}, b from ${table} where b = '?' and ${column} = ?`;
        expect(await session.query(query, [`it's ? \\ $1`])).toEqual([{ 'a?': `it's ? \\ $1`, b: '?' }]);
      } finally {
        await engine.dropDatabase(place);
      }
    });
  });
}

/** A database that several sessions and processes can reach. */
export function sharedDatabaseContract(server: () => ContractServer): void {
  describe('a database that others can reach', () => {
    it('is found by them, and not made twice', async () => {
      const { engine } = server();
      const place = server().place('found');
      await engine.createDatabase(place);
      expect(await engine.databaseExists(place)).toBe(true);
      expect(await engine.createDatabase(place)).toBe(false);
      await engine.dropDatabase(place);
    });

    it('runs a list of statements to its end, or to the one that fails, which is named', async () => {
      const { engine } = server();
      const place = server().place('lists');
      await engine.createDatabase(place);
      try {
        await using session = (await engine.connectIfThere(place)) as Session;
        const inOne = (statements: readonly string[]): Promise<void> =>
          engine.transaction(session, { locks: [], timeoutSeconds: 5 }, () => session.executeAll(statements));
        const insert = (number: number): string => `insert into numbers values (${number})`;
        await session.execute('create table numbers (number integer not null)');
        await inOne([]);
        await inOne(Array.from({ length: 500 }, (_, number) => insert(number)));
        await expect(inOne([insert(1), insert(2), 'insert into nowhere values (1)', insert(3)])).rejects.toMatchObject({
          code: 'TARGET_FAILED',
          details: { statement: 2 },
        });
        const [row] = await session.query('select count(*) as count from numbers');
        expect(Number(row?.['count'])).toBe(500);
      } finally {
        await engine.dropDatabase(place);
      }
    });

    it('is created by exactly one of several runs at the same time', async () => {
      const { engine } = server();
      const place = server().place('contested');
      const created = await Promise.all(Array.from({ length: 4 }, () => engine.createDatabase(place)));
      expect(created.filter(Boolean)).toHaveLength(1);
      await engine.dropDatabase(place);
    });

    it('is filled by the one run that creates it, and is not there where that fails', async () => {
      const { engine } = server();
      const place = server().place('filled');
      const makings = Array.from({ length: 4 }, (_, run) => ({
        runId: `run ${run}`,
        fill: async (session: Session) => void (await session.execute(`create table made_by_${run} (id integer)`)),
      }));
      const created = await Promise.all(makings.map((making) => engine.createDatabase(place, making)));
      expect(created.filter(Boolean)).toHaveLength(1);
      await using session = await engine.connect(place);
      const names = makings.map((_, run) => ({ name: `made_by_${run}` }));
      const tables = await engine.readTables(
        session,
        engine.supportsSchemas ? names.map((name) => ({ schema: 'public', ...name })) : names,
      );
      expect(tables.map(({ table }) => table.name)).toEqual([`made_by_${created.indexOf(true)}`]);
      if (engine.creatorOf)
        expect([`run ${created.indexOf(true)}`, undefined]).toContain(await engine.creatorOf(session));
      await session[Symbol.asyncDispose]();
      await engine.dropDatabase(place);
      const failing = { runId: 'run', fill: () => Promise.reject(new Error('the run fails')) };
      await expect(engine.createDatabase(place, failing)).rejects.toThrow();
      expect(await engine.databaseExists(place)).toBe(false);
    });

    it('refuses every change of a session that only reads', async () => {
      const { engine } = server();
      const place = server().place('only_read');
      await engine.createDatabase(place);
      try {
        await using writer = await engine.connect(place);
        await writer.execute('create table canary (id integer)');
        await using reader = await engine.connect(place, { readOnly: true });
        for (const sql of ['create table t (id integer)', 'insert into canary values (1)', 'drop table canary']) {
          await expect(reader.execute(sql)).rejects.toMatchObject({ code: 'TARGET_FAILED' });
        }
        expect(await reader.query('select * from canary')).toEqual([]);
      } finally {
        await engine.dropDatabase(place);
      }
    });
  });
}
