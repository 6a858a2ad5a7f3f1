import { ByteProxy, type ByteFault } from '../harness/byte-proxy.ts';
import type { CaseResult, FaultCase, Lab } from '../harness/fault-case.ts';
import { lastReport } from '../harness/last-report.ts';
import { startCommand } from '../harness/running-command.ts';
import { placesOf, rows, type Name, type Place } from './break-ingest-places.ts';

/** A wire that is dead for good is given up within 90 s (docs/reliability.md); a busy machine adds some. */
const deadWithinSeconds = 95;
/** A single connection that is cut off is noticed after 10 to 15 s of silence; then the load is done again. */
const stalledWithinSeconds = 60;
/** A server that crashed is away for so long before it is started again. */
const downMs = 3_000;

/** What the wire does, or what becomes of the server's sessions, or of the server. */
type Break = Exclude<ByteFault['kind'], 'call'> | 'terminate' | 'crash';

/** Those that wait more than they work can do so together; a server has its faults one by one. */
const atOnce: Readonly<Record<Break, number>> = { cut: 2, stall: 5, dead: 5, terminate: 1, crash: 1 };

const pairs = [
  { source: 'PostgreSQL', target: 'PostgreSQL', broken: 'source' },
  { source: 'MariaDB', target: 'PostgreSQL', broken: 'source' },
  { source: 'PostgreSQL', target: 'PostgreSQL', broken: 'target' },
  { source: 'PostgreSQL', target: 'MariaDB', broken: 'target' },
] as const satisfies readonly Pair[];

/** The connection to the source or to the target of a load breaks, or its server ends the session or crashes, at a tenth of all the bytes that pass there. */
export function breakIngestBy(kinds: readonly Break[], chosen: readonly Pair[] = pairs): FaultCase {
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

export const breakIngest = breakIngestBy(['cut', 'stall', 'dead', 'terminate', 'crash']);

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

  async sweep(kind: Break): Promise<CaseResult> {
    const { source, target, broken } = this.#pair;
    const { journal, progress } = this.#lab;
    const nameOf = (tenth: number): string =>
      `break-ingest ${source} to ${target}, ${kind} of the ${broken} at ${tenth}/10`;
    const violations: string[] = [];
    const tenths = this.#lab.choose([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const untried = tenths.filter((tenth) => journal.outcome(nameOf(tenth)) === undefined);
    for (const tenth of tenths) violations.push(...(journal.outcome(nameOf(tenth)) ?? []));
    if (untried.length > 0) await this.#measure();
    let slowest = Math.max(0, ...tenths.map((tenth) => journal.seconds(nameOf(tenth))));
    const waiting = untried.values();
    const tryPoints = async (): Promise<void> => {
      for (const tenth of waiting) {
        const at = Math.round((this.#bytes ?? 0) * (tenth / 10));
        const { wrong, seconds } = await this.#ingest(`broken_${kind}_${tenth}`, { at, kind });
        slowest = Math.max(slowest, seconds);
        const found = wrong.map((text) => `${kind} at ${tenth}/10: ${text}`);
        violations.push(...found);
        journal.record(nameOf(tenth), found, seconds);
        progress(`${nameOf(tenth)}: ${found.join('; ') || `as promised, ${seconds.toFixed(1)} s after it`}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce[kind] }, tryPoints));
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
  async #ingest(database: string, fault?: { at: number; kind: Break }): Promise<Outcome> {
    const source = this.#places[this.#pair.source];
    const target = this.#places[this.#pair.target];
    const isSource = this.#pair.broken === 'source';
    const broken = isSource ? source : target;
    await using proxy = await ByteProxy.start(broken.port, fault && { at: fault.at, kind: onTheWire(fault.kind) });
    let server: Promise<unknown> = Promise.resolve();
    proxy.onHit = () => {
      if (fault?.kind === 'crash') server = broken.crash(downMs);
      if (fault?.kind === 'terminate') server = broken.endSessions(isSource ? 'broken_source' : database);
    };
    const home = `${this.#lab.workspace.root}/homes/broken/${this.#pair.source}/${this.#pair.target}/${this.#pair.broken}/${database}`;
    const run = (args: readonly string[]) =>
      startCommand(process.execPath, [this.#lab.workspace.command, ...args], {
        cwd: this.#lab.workspace.root,
        environment: { ...passwords(this.#lab), DATAKIT_HOME: home },
        timeoutMs: 150_000,
      }).ended;
    const deployed = await run(['deploy', this.#folder, `--url=${target.url(target.port, database)}`]);
    if (deployed.exitCode !== 0) return { wrong: [`deploy: ${deployed.output}`], seconds: 0, bytes: 0 };
    const ingest = (sourcePort: number, targetPort: number) =>
      run([
        'ingest',
        this.#folder,
        `--url=${target.url(targetPort, database)}`,
        `--sourceUrl=${source.url(sourcePort, 'broken_source')}`,
      ]);
    const ended = await ingest(isSource ? proxy.port : source.port, isSource ? target.port : proxy.port);
    const seconds = proxy.hitAt === undefined ? 0 : (performance.now() - proxy.hitAt) / 1000;
    // Its server would wait for a stalled client with whatever others ask for.
    await proxy[Symbol.asyncDispose]();
    await server;
    const wrong: string[] = [];
    const report = lastReport(home);
    if (ended.hung) wrong.push('it hangs');
    if (fault && proxy.hitAt === undefined) wrong.push('the fault never came');
    const expectFailure = (found: string): void => {
      const codes = [isSource ? 'SOURCE_UNAVAILABLE' : 'TARGET_UNREACHABLE'];
      // The server that crashed may be both.
      if (fault?.kind === 'crash' && source === target) codes.push('SOURCE_UNAVAILABLE', 'TARGET_UNREACHABLE');
      if (ended.exitCode === 0 || !codes.includes(ended.code ?? ''))
        wrong.push(`it ended with ${ended.code}: ${ended.output.trim()}`);
      if (report?.error?.retryable !== true) wrong.push('its report does not say that it can be tried again');
      if (found !== '0 0 0') wrong.push(`rows, distinct rows and loads are ${found}`);
      if (seconds > deadWithinSeconds) wrong.push(`it took ${Math.round(seconds)} s`);
    };
    if (fault?.kind === 'dead') expectFailure(await target.loaded(database));
    // A machine with much to do may not have its server back while the load is tried again; then the next run does it.
    else if (fault?.kind === 'crash' && ended.exitCode !== 0) {
      expectFailure(await target.loaded(database));
      const again = await ingest(source.port, target.port);
      if (again.exitCode !== 0) wrong.push(`the next run failed: ${again.output.trim()}`);
    } else {
      if (ended.exitCode !== 0) wrong.push(`it failed: ${ended.output.trim()}`);
      const { attempts } = report?.tables[0] ?? {};
      if (!mayTake(fault?.kind, attempts)) wrong.push(`its report tells ${attempts} attempts`);
      if (fault?.kind === 'stall' && seconds > stalledWithinSeconds) wrong.push(`it took ${Math.round(seconds)} s`);
    }
    const found = await target.loaded(database);
    if (fault?.kind !== 'dead' && found !== `${rows} ${rows} 1`)
      wrong.push(`rows, distinct rows and loads are ${found}`);
    await target.drop(database);
    return { wrong, seconds, bytes: proxy.passed };
  }
}

/** What is wrong with the end of a load, when it came after the fault, and the bytes that had passed. */
interface Outcome {
  readonly wrong: string[];
  readonly seconds: number;
  readonly bytes: number;
}

function onTheWire(kind: Break): ByteFault['kind'] {
  return kind === 'terminate' || kind === 'crash' ? 'call' : kind;
}

/** Whether a load may take so many attempts; undefined is the first one. */
function mayTake(kind: Break | undefined, attempts: number | undefined): boolean {
  // What the server had already sent arrives though its session has ended, and one that is away costs several.
  if (kind === 'terminate' || kind === 'crash') return attempts === undefined || (attempts >= 2 && attempts <= 4);
  return attempts === (kind ? 2 : undefined);
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
