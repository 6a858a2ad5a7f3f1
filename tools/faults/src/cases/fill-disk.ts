import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { partOf, stateDifferences, type DatabaseState } from '../harness/database-state.ts';
import type { CaseResult, FaultCase, Lab } from '../harness/fault-case.ts';
import type { FaultTarget } from '../harness/fault-target.ts';
import { lastReport } from '../harness/last-report.ts';
import { ShopSource } from '../harness/shop-source.ts';
import { SmallDisk, whyNoSmallDisk } from '../harness/small-disk.ts';

const megabytes = 64;
const smallRows = 1_000;
/** More than the disk takes beside what is left free, at any of the points. */
const largeRows = 100_000;
/** How much is left when the load begins. */
const freeBytes = [0, 64, 256, 1024, 2048, 4096, 8192].map((kilobytes) => kilobytes * 1024);

/** Where an engine keeps a database, on a disk of its own. */
interface Place {
  readonly target: FaultTarget;
  readonly home: (database: string) => string;
  /** Makes an empty database there; disposing of it takes both away. */
  open(database: string): Promise<{ readonly disk: SmallDisk } & AsyncDisposable>;
}

/** The disk of a database is full before a load is. MariaDB is not among them: InnoDB ends the server itself then. */
export const fillDisk: FaultCase = {
  name: 'fill-disk',
  promise: 'DISK_FULL, and the database is as before; when there is room again, the next run loads everything',
  async run(lab) {
    const note = whyNoSmallDisk();
    if (note !== undefined) return [{ target: '', points: 0, violations: [], note: `skipped: ${note}` }];
    const shop = new ShopSource(lab.workspace);
    const [small, large] = [shop.of(smallRows), shop.of(largeRows)];
    const results: CaseResult[] = [];
    for (const place of places(lab)) {
      const violations: string[] = [];
      const chosen = lab.choose(freeBytes);
      for (const free of chosen) {
        for (const text of await fillOne(place, shop.folder, small, large, free)) {
          violations.push(`${free / 1024} kB free: ${text}`);
          lab.progress(`${place.target.name}: ${violations.at(-1)}`);
        }
      }
      results.push({ target: place.target.name, points: chosen.length, violations });
    }
    return results;
  },
};

async function fillOne(
  { target, home, open }: Place,
  folder: string,
  small: string,
  large: string,
  free: number,
): Promise<string[]> {
  const database = `full_${free}`;
  await using opened = await open(database);
  const must = async (...args: string[]): Promise<void> => {
    const { exitCode, output } = await target.run(args, database);
    if (exitCode !== 0) throw new Error(`${args[0]} failed: ${output}`);
  };
  await must('deploy', folder);
  await must('ingest', folder, small);
  const state = async (): Promise<DatabaseState> => partOf(await target.state(database), (name) => name !== 'files');
  const before = await state();
  opened.disk.fill(free);
  const wrong: string[] = [];
  const ended = await target.run(['ingest', folder, large], database);
  if (ended.hung) wrong.push('it hangs');
  else if (ended.code !== 'DISK_FULL') wrong.push(`it ended with ${ended.code}: ${ended.output.trim()}`);
  const { status, error } = lastReport(home(database)) ?? {};
  if (status !== 'failed' || error?.code !== 'DISK_FULL') wrong.push(`its report says ${status}, ${error?.code}`);
  opened.disk.free();
  wrong.push(...stateDifferences(before, await state()).map((text) => `it left ${text}`));
  const again = await target.run(['ingest', folder, large], database);
  if (again.exitCode !== 0) wrong.push(`the next run failed: ${again.output.trim()}`);
  const rows = [...(await state())].find(([name]) => /^rows shop[._]item$/.test(name))?.[1];
  if (!rows?.startsWith(`${largeRows} rows`)) wrong.push(`in the end there are ${rows}`);
  return wrong;
}

function places(lab: Lab): Place[] {
  const { postgres, targets, workspace } = lab;
  const found: Place[] = [];
  if (postgres?.server.socketFolder !== undefined) {
    const { server, target } = postgres;
    const data = join(server.socketFolder ?? '', 'data');
    found.push({
      target,
      home: (database) => target.home(database),
      open: async (database) => {
        const folder = join(dirname(data), `disk-${database}`);
        const disk = new SmallDisk(folder, megabytes, data);
        await server.psql('postgres', `create tablespace ${database} location '${folder}'`);
        await server.psql('postgres', `create database ${database} tablespace ${database}`);
        const close = async (): Promise<void> => {
          try {
            await target.drop(database);
            await server.psql('postgres', `drop tablespace ${database}`);
          } finally {
            disk[Symbol.dispose]();
          }
        };
        return { disk, [Symbol.asyncDispose]: close };
      },
    });
  }
  const sqlite = targets.find(({ name }) => name === 'SQLite');
  if (sqlite) {
    const files = join(workspace.root, 'files');
    found.push({
      target: sqlite,
      home: (database) => join(workspace.root, 'homes', 'SQLite', database),
      open: (database) => {
        mkdirSync(files, { recursive: true });
        const disk = new SmallDisk(files, megabytes);
        const close = async (): Promise<void> => {
          await sqlite.drop(database);
          disk[Symbol.dispose]();
          rmSync(files, { recursive: true, force: true });
        };
        return Promise.resolve({ disk, [Symbol.asyncDispose]: close });
      },
    });
  }
  return found;
}
