import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WatchedServer } from '../engines/contract/places-contract.ts';
import { describePlace, type Place } from '../engines/place.ts';
import { deployTo, type DeployOptions } from '../deploy/deploy.ts';
import { onlyFilm } from '../deploy/stage-contract.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { DatabaseMarker } from '../ledger/database-marker.ts';
import { LedgerRows } from '../ledger/ledger-rows.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import { pruneDatabases } from './prune-databases.ts';

/** Makes a database as deployments do, says when it is in the middle of that, and stays there. */
const program = (when: string): string => `
  import { engineAt } from '${join(import.meta.dirname, '..')}/engines/engine-registry.ts';
  import { Ledger } from '${join(import.meta.dirname, '..')}/ledger/ledger.ts';
  const place = JSON.parse(process.env.PLACE);
  const engine = await engineAt(place);
  const stay = () => new Promise(() => { setInterval(() => {}, 1000); process.stdout.write('here'); });
  await engine.createDatabase(place, { runId: 'killed run', fill: async (session) => {
    if ('${when}' === 'before the mark') await stay();
    await new Ledger(engine, session).create('disposable', 'killed run', 10);
    await stay();
  } });`;

/** What passes away on a server: what is expired, and what killed runs left; nothing else. */
export function describePrune(name: string, start: () => Promise<WatchedServer>): void {
  describe(`pruning ${name}`, () => {
    let server: WatchedServer;
    let tests = 0;
    let place: Place;
    const children: ChildProcess[] = [];
    const made: Place[] = [];
    beforeAll(async () => void (server = await start()));
    afterAll(() => server?.stop());
    beforeEach(() => void (place = placeOf(`pruned_${++tests}`)));
    afterEach(async () => {
      for (const child of children.splice(0)) child.kill('SIGKILL');
      for (const each of made.splice(0)) await server.engine.dropDatabase(each);
    });

    function placeOf(database: string): Place {
      made.push(server.place(database));
      return made.at(-1) as Place;
    }

    const open = (where: Place, isProtected = false): Promise<TargetDatabase> =>
      TargetDatabase.open({
        name: 'test',
        inMemory: false,
        protected: isProtected,
        where: { kind: 'place', place: where },
        workspaceRoot: '/',
        environment: {},
      });

    async function deploy(where: Place, options: Partial<DeployOptions> = {}, isProtected = false): Promise<void> {
      await using database = await open(where, isProtected);
      await deployTo(onlyFilm, database, { runId: 'run', ...options });
    }

    async function inLedger<Result>(
      where: Place,
      work: (ledger: Ledger, rows: LedgerRows) => Promise<Result>,
    ): Promise<Result> {
      await using session = await server.engine.connect(where);
      return await work(new Ledger(server.engine, session), new LedgerRows(server.engine, session));
    }

    const marker = (where: Place): Promise<DatabaseMarker | undefined> =>
      inLedger(where, (ledger) => ledger.marker.read());
    const expire = (where: Place): Promise<number> =>
      inLedger(where, (_, rows) => rows.update('database', { expires_at: '2020-01-01T00:00:00.000000Z' }, 'id = 1'));

    async function prune(suffix = ''): Promise<string[]> {
      const { engine: type, ...rest } = place;
      const definition = 'file' in place ? { type, database: place.file } : { type, ...rest };
      definition.database += suffix;
      const settings = { workspaceRoot: '/', targets: { pruned: definition } };
      return (await pruneDatabases(settings, ['pruned'])).map(({ removed, name: what }) =>
        removed === 'expired database' ? `${removed} ${what}` : removed,
      );
    }

    const nameIn = (where: Place): string => ('file' in where ? where.file : where.database);

    async function startToMake(when: string): Promise<ChildProcess> {
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program(when)],
        {
          env: { ...process.env, PLACE: JSON.stringify(place), NODE_OPTIONS: '' },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      children.push(child);
      await new Promise((resolve, reject) => {
        child.stdout?.once('data', resolve);
        child.once('exit', () => reject(new Error(`ended while making ${describePlace(place)}`)));
      });
      return child;
    }

    const kill = (child: ChildProcess): Promise<unknown> =>
      new Promise((resolve) => void (child.once('exit', resolve), child.kill('SIGKILL')));

    it.each(['before the mark', 'after the mark'])(
      'removes a database whose run was killed %s, and none that a run is making',
      async (when) => {
        const child = await startToMake(when);
        expect(await prune()).toEqual([]);
        await kill(child);
        const isFinished = server.engine.creatorOf !== undefined && when === 'after the mark';
        expect(await prune()).toEqual(isFinished ? [] : ['unfinished database']);
        expect(await server.engine.databaseExists(place)).toBe(isFinished);
        expect(await prune()).toEqual([]);
      },
    );

    it.each(['before the mark', 'after the mark'])(
      'has nothing to do when the next run made the database that another was killed over %s',
      async (when) => {
        await kill(await startToMake(when));
        await deploy(place);
        expect(await marker(place)).toMatchObject({ kind: 'disposable' });
        await prune();
        expect(await prune()).toEqual([]);
        expect(await marker(place)).toMatchObject({ kind: 'disposable' });
      },
    );

    it('drops what is expired and disposable, and nothing else', async () => {
      const [young, mortal, eternal, theirs, live] = ['young', 'mortal', 'eternal', 'theirs', 'live'].map((each) =>
        placeOf(`${each}_${tests}`),
      ) as [Place, Place, Place, Place, Place];
      await deploy(young, { timeToLive: '2h' });
      await deploy(mortal, { timeToLive: '2h' });
      await deploy(eternal);
      for (const each of [theirs, live]) await server.engine.createDatabase(each);
      await deploy(theirs);
      await deploy(live).then(() => inLedger(live, (ledger) => ledger.marker.write('protected', 'run')));
      for (const each of [mortal, theirs, live]) await expire(each);
      await using user = await server.engine.connect(mortal);
      await user.query('select 1 as one');
      expect(await prune()).toEqual([]);
      await user[Symbol.asyncDispose]();
      expect(await prune()).toEqual([`expired database ${nameIn(mortal)}`]);
      const left = [young, mortal, eternal, theirs, live].map((each) => server.engine.databaseExists(each));
      expect(await Promise.all(left)).toEqual([true, false, true, true, true]);
    });

    it('leaves a database alone whose life a deployment began anew', async () => {
      await deploy(place, { timeToLive: '1d' });
      await expire(place);
      await deploy(place);
      const { expiresAt, timeToLive } = (await marker(place)) as DatabaseMarker;
      expect(timeToLive).toBe(86_400);
      expect(Date.parse(expiresAt as string) - Date.now()).toBeGreaterThan(86_000_000);
      expect(await prune()).toEqual([]);
      await deploy(place, { timeToLive: 'never' });
      expect(await marker(place)).toMatchObject({ expiresAt: null, timeToLive: null });
    });

    it('finds the server of a target whose database is named by a variable that is not set', async () => {
      await deploy(place, { timeToLive: '2h' });
      await expire(place);
      expect(await prune('${DATAKIT_TEST_UNSET}')).toEqual([`expired database ${nameIn(place)}`]);
    });

    it('has nothing to do with what nobody may drop: that takes no time to live', async () => {
      await server.engine.createDatabase(place);
      for (const isProtected of [false, true]) {
        await expect(deploy(place, { timeToLive: '2h' }, isProtected)).rejects.toMatchObject({
          code: 'NOT_DISPOSABLE',
        });
      }
      await expect(deploy(place, { timeToLive: '2 hours' })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
      await using session = await server.engine.connect(place);
      expect(await new Ledger(server.engine, session).exists()).toBe(false);
    });
  });
}
