import { ByteProxy, type ByteFault } from '../harness/byte-proxy.ts';
import type { CaseResult, FaultCase, Lab } from '../harness/fault-case.ts';
import { lastReport } from '../harness/last-report.ts';
import { startCommand } from '../harness/running-command.ts';

/** Ten megabytes or so. */
const rows = 100_000;

/** A wire that is dead for good is given up within 90 s (docs/reliability.md); a busy machine adds some. */
const deadWithinSeconds = 95;
/** A single connection that is cut off is noticed after 10 to 15 s of silence; then the load is done again. */
const stalledWithinSeconds = 60;

type Name = 'PostgreSQL' | 'MariaDB';

/** A server as the source or the target of a load. */
interface Place {
  readonly port: number;
  url(port: number, database: string): string;
  /** Makes a database with the rows of the source. */
  fill(database: string): Promise<unknown>;
  /** Number of rows, of distinct rows and of loads. */
  loaded(database: string): Promise<string>;
  drop(database: string): Promise<unknown>;
}

const pairs = [
  { source: 'PostgreSQL', target: 'PostgreSQL', broken: 'source' },
  { source: 'MariaDB', target: 'PostgreSQL', broken: 'source' },
  { source: 'PostgreSQL', target: 'PostgreSQL', broken: 'target' },
  { source: 'PostgreSQL', target: 'MariaDB', broken: 'target' },
] as const satisfies readonly Pair[];

/** The connection to the source or to the target of a load breaks at a tenth of all the bytes that pass there. */
export function breakIngestBy(kinds: readonly ByteFault['kind'][], chosen: readonly Pair[] = pairs): FaultCase {
  return {
    name: 'break-ingest',
    promise:
      'a load that a broken connection ended is done again and is there once; where nothing helps, it ends within 90 s with a code that says which end',
    async run(lab) {
      const places = placesOf(lab);
      if (!places) return [];
      const folder = writeDatakit(lab);
      const results: CaseResult[] = [];
      for (const pair of chosen) {
        const trial = new BrokenIngest(lab, places, folder, pair);
        for (const kind of kinds) results.push(await trial.sweep(kind));
        await trial.end();
      }
      return results;
    },
  };
}

export const breakIngest = breakIngestBy(['cut', 'stall', 'dead']);

/** Between which servers, and on which side of the load. */
interface Pair {
  readonly source: Name;
  readonly target: Name;
  readonly broken: 'source' | 'target';
}

class BrokenIngest {
  readonly #lab: Lab;
  readonly #places: Readonly<Record<Name, Place>>;
  readonly #folder: string;
  readonly #pair: Pair;
  #bytes: number | undefined;

  constructor(lab: Lab, places: Readonly<Record<Name, Place>>, folder: string, pair: Pair) {
    this.#lab = lab;
    this.#places = places;
    this.#folder = folder;
    this.#pair = pair;
  }

  async sweep(kind: ByteFault['kind']): Promise<CaseResult> {
    const { source, target, broken } = this.#pair;
    const { journal, progress } = this.#lab;
    const nameOf = (tenth: number): string =>
      `break-ingest ${source} to ${target}, ${kind} of the ${broken} at ${tenth}/10`;
    const violations: string[] = [];
    const tenths = this.#lab.choose([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const untried = tenths.filter((tenth) => journal.outcome(nameOf(tenth)) === undefined);
    for (const tenth of tenths) violations.push(...(journal.outcome(nameOf(tenth)) ?? []));
    if (untried.length > 0) await this.#measure();
    let slowest = 0;
    const waiting = untried.values();
    const tryPoints = async (): Promise<void> => {
      for (const tenth of waiting) {
        const at = Math.round((this.#bytes ?? 0) * (tenth / 10));
        const { wrong, seconds } = await this.#ingest(`broken_${kind}_${tenth}`, { at, kind });
        slowest = Math.max(slowest, seconds);
        const found = wrong.map((text) => `${kind} at ${tenth}/10: ${text}`);
        violations.push(...found);
        journal.record(nameOf(tenth), found);
        progress(`${nameOf(tenth)}: ${found.join('; ') || `as promised, ${seconds.toFixed(1)} s after it`}`);
      }
    };
    // Those that wait more than they work can do so together.
    await Promise.all(Array.from({ length: kind === 'cut' ? 2 : 5 }, tryPoints));
    const note = `${kind} of the ${broken}; ended within ${slowest.toFixed(1)} s after it`;
    return { target: `${source} to ${target}`, points: tenths.length, violations, note };
  }

  /** Makes the source, and counts the bytes of a load that nothing disturbs. */
  async #measure(): Promise<void> {
    if (this.#bytes !== undefined) return;
    await this.#places[this.#pair.source].fill('broken_source');
    const undisturbed = await this.#ingest('broken_none');
    if (undisturbed.wrong.length > 0) throw new Error(`Undisturbed: ${undisturbed.wrong.join('; ')}`);
    this.#bytes = undisturbed.bytes;
  }

  async end(): Promise<void> {
    await this.#places[this.#pair.source].drop('broken_source');
  }

  /** Deploys, loads with or without a fault, and says what is wrong with the end. */
  async #ingest(database: string, fault?: ByteFault): Promise<{ wrong: string[]; seconds: number; bytes: number }> {
    const source = this.#places[this.#pair.source];
    const target = this.#places[this.#pair.target];
    const isSource = this.#pair.broken === 'source';
    await using proxy = await ByteProxy.start((isSource ? source : target).port, fault);
    const home = `${this.#lab.workspace.root}/homes/broken/${this.#pair.source}/${this.#pair.target}/${this.#pair.broken}/${database}`;
    const run = (args: readonly string[]) =>
      startCommand(process.execPath, [this.#lab.workspace.command, ...args], {
        cwd: this.#lab.workspace.root,
        environment: { ...passwords(this.#lab), DATAKIT_HOME: home },
        timeoutMs: 150_000,
      }).ended;
    const deployed = await run(['deploy', this.#folder, `--url=${target.url(target.port, database)}`]);
    if (deployed.exitCode !== 0) return { wrong: [`deploy: ${deployed.output}`], seconds: 0, bytes: 0 };
    const ended = await run([
      'ingest',
      this.#folder,
      `--url=${target.url(isSource ? target.port : proxy.port, database)}`,
      `--sourceUrl=${source.url(isSource ? proxy.port : source.port, 'broken_source')}`,
    ]);
    const seconds = proxy.hitAt === undefined ? 0 : (performance.now() - proxy.hitAt) / 1000;
    // Its server would wait for a stalled client with whatever others ask for.
    await proxy[Symbol.asyncDispose]();
    const wrong: string[] = [];
    const report = lastReport(home);
    const found = await target.loaded(database);
    const expectLoad = fault?.kind !== 'dead';
    if (ended.hung) wrong.push('it hangs');
    if (fault && proxy.hitAt === undefined) wrong.push('the fault never came');
    if (expectLoad) {
      if (ended.exitCode !== 0) wrong.push(`it failed: ${ended.output.trim()}`);
      if (found !== `${rows} ${rows} 1`) wrong.push(`rows, distinct rows and loads are ${found}`);
      const { attempts } = report?.tables[0] ?? {};
      if (attempts !== (fault ? 2 : undefined)) wrong.push(`its report tells ${attempts} attempts`);
      if (fault?.kind === 'stall' && seconds > stalledWithinSeconds) wrong.push(`it took ${Math.round(seconds)} s`);
    } else {
      const code = isSource ? 'SOURCE_UNAVAILABLE' : 'TARGET_UNREACHABLE';
      if (ended.exitCode === 0 || ended.code !== code)
        wrong.push(`it ended with ${ended.code}: ${ended.output.trim()}`);
      if (report?.error?.retryable !== true) wrong.push('its report does not say that it can be tried again');
      if (found !== '0 0 0') wrong.push(`rows, distinct rows and loads are ${found}`);
      if (seconds > deadWithinSeconds) wrong.push(`it took ${Math.round(seconds)} s`);
    }
    await target.drop(database);
    return { wrong, seconds, bytes: proxy.passed };
  }
}

function passwords({ postgres, mariadb }: Lab): Record<string, string> {
  return { PGPASSWORD: postgres?.server.password ?? '', MYSQL_PWD: mariadb?.server.password ?? '' };
}

function writeDatakit({ workspace }: Lab): string {
  workspace.write('libs/broken/package.json', JSON.stringify({ name: 'broken', type: 'module', version: '0.0.0' }));
  workspace.write('libs/broken/datakit.json', JSON.stringify({ kind: 'datakit', layer: 'bronze', entry: 'index.ts' }));
  const entry = workspace.write(
    'libs/broken/index.ts',
    `import { bronzeMetadata, defineDatakit, postgresSource } from '@datakit/framework';
import { defineEntity, p } from '@mikro-orm/core';
export const Item = defineEntity({ name: 'Item', tableName: 'item',
  properties: { id: p.integer().primary().autoincrement(false), label: p.string().length(100), ...bronzeMetadata } });
export default defineDatakit({ name: 'broken', layer: 'bronze', source: postgresSource({ system: 'shop' }), tables: [Item] });
`,
  );
  return entry.replace(/\/index\.ts$/, '');
}

function placesOf({ postgres, mariadb }: Lab): Readonly<Record<Name, Place>> | undefined {
  if (!postgres || !mariadb) return undefined;
  const { server: pg } = postgres;
  const { server: maria } = mariadb;
  return {
    PostgreSQL: {
      port: pg.port,
      url: (port, database) => `postgresql://${pg.user}@127.0.0.1:${port}/${database}`,
      fill: async (database) => {
        await pg.psql('postgres', `create database ${database}`);
        await pg.psql(
          database,
          `create table item as select id, repeat(md5(id::text), 3)::varchar(100) as label from generate_series(1, ${rows}) id`,
        );
      },
      loaded: async (database) =>
        (
          await pg.psql(
            database,
            `select concat(count(*), ' ', count(distinct id), ' ', (select count(*) from _datakit.loads)) from broken.item`,
          )
        ).trim(),
      drop: (database) => pg.psql('postgres', `drop database if exists ${database} with (force)`),
    },
    MariaDB: {
      port: maria.port,
      url: (port, database) => `mariadb://${maria.user}@127.0.0.1:${port}/${database}`,
      fill: (database) =>
        maria.mariadb(
          'information_schema',
          `create database ${database}; use ${database}; create table item (id int not null primary key, label varchar(100) not null);
           insert into item select seq, repeat(md5(seq), 3) from seq_1_to_${rows}`,
        ),
      loaded: async (database) =>
        (
          await maria.mariadb(
            database,
            `select concat(count(*), ' ', count(distinct id), ' ', (select count(*) from _datakit_loads)) from broken_item`,
          )
        ).trim(),
      drop: (database) => maria.mariadb('information_schema', `drop database if exists ${database}`),
    },
  };
}
