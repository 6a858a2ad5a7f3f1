import { v7 as uuidV7 } from 'uuid';
import { compileChecks } from '../checks/compile-checks.ts';
import type { Engine, Lock } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { TableName } from '../engines/table-structure.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { Ledger } from '../ledger/ledger.ts';
import { tableBuild, type TableBuild } from '../model/build.ts';
import { tableName, type Datakit } from '../model/datakit.ts';
import { currentInstant } from '../report/instant.ts';
import { expectedTables, type ExpectedTable } from '../structure/expected-tables.ts';
import { loadDefinition } from '../structure/load-definition.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import { countOf } from '../report/count-of.ts';
import { auditLoad } from './audit-load.ts';
import { isOverLimit, readBadRowsLimit, type BadRowsLimit } from './bad-rows-limit.ts';
import { buildOrder } from './build-order.ts';
import { buildTable, type BuiltTable } from './build-table.ts';
import { quarantineFindings } from './judge-rows.ts';
import type { IngestOptions, IngestResult, LoadedTable } from './ingest-request.ts';
import { cancelled, refuseWhenStopped } from './load-context.ts';
import { requireDeployed } from './require-deployed.ts';
import { requireInputs, upstreamTables } from './require-inputs.ts';
import { selectTables } from './select-tables.ts';

/** A table and its build. */
interface Building {
  readonly table: ExpectedTable;
  readonly build: TableBuild;
}

/** True for a datakit whose tables are built from others. */
export function hasBuilds({ tables }: Datakit): boolean {
  return tables.some(({ options }) => options.build !== undefined);
}

/**
 * Builds the tables of a silver or gold datakit inside the target, each after those that it reads, and publishes all of
 * them in one commit: readers see the old state of the whole datakit until then. What fails leaves it as it was.
 *
 * @throws CYCLE, DATAKIT_INVALID, TABLE_UNKNOWN, NOT_DEPLOYED, DRIFT, NOT_LOADED, CHECK_FAILED, BAD_ROWS, TARGET_FAILED,
 * LOCKED, CANCELLED
 */
export async function buildInto(
  datakit: Datakit,
  database: TargetDatabase,
  options: IngestOptions,
): Promise<IngestResult> {
  const { engine } = database;
  refuseOptionsOfSources(datakit, options);
  const declared = expectedTables(datakit, engine);
  const selected = selectTables(declared, options.tables);
  const buildings = inOrder(datakit, selected);
  const upstream = upstreamTables(datakit, engine);
  const checks = compileChecks(declared, engine, selected);
  if (!(await database.exists())) {
    throw new DatakitError({
      code: 'NOT_DEPLOYED',
      message: `"${datakit.name}" is not deployed to ${database.description}: the database does not exist.`,
      hint: 'Run "deploy" first.',
    });
  }
  const signal = options.signal ?? new AbortController().signal;
  const session = await database.connect();
  try {
    await requireDeployed(datakit, selected, engine, session);
    await requireInputs(upstream, datakit, engine, session);
    await options.onEvent?.({
      kind: 'build',
      tables: buildings.length,
      from: [...new Set(upstream.map(({ owner }) => owner.name))],
    });
    const transaction = {
      locks: locksOf(
        datakit,
        buildings.map(({ table }) => table.structure.table),
        upstream.map(({ table }) => table),
      ),
      timeoutSeconds: options.lockTimeout ?? 10,
    };
    const work = (): Promise<LoadedTable[]> =>
      engine.transaction(session, transaction, async () => {
        const built = await buildAll(datakit, buildings, declared, options, engine, session, signal);
        const context = {
          engine,
          checks,
          loading: new Set<string>(),
          onFindings: (findings: Parameters<Parameters<typeof auditLoad>[1]['onFindings']>[0]) =>
            options.onEvent?.({ kind: 'findings', findings }),
        };
        for (const { table } of buildings) await auditLoad({ table }, context, session);
        refuseWhenStopped(signal);
        return built;
      });
    const tables = await database.interruptedBy(signal, work);
    for (const table of tables) await options.onEvent?.({ kind: 'table', table });
    return { tables };
  } catch (error) {
    throw signal.aborted ? cancelled(error) : error;
  } finally {
    await database.disconnect(session);
  }
}

/** What is about a source has no meaning here, and must not be dropped without a word. */
function refuseOptionsOfSources(datakit: Datakit, options: IngestOptions): void {
  const files = (options.formats ?? []).filter((format) => format !== 'table');
  const [name] = [
    ...(files.length > 0 ? ['formats'] : []),
    ...(['disposition', 'from', 'to'] as const).filter((option) => options[option] !== undefined),
  ];
  if (name === undefined) return;
  throw new DatakitError({
    code: 'OPTION_INVALID',
    message: `--${name} is about loads from a source, and "${datakit.name}" is built inside the target.`,
    hint: 'Name the bronze datakit alone in the command, or leave the option out.',
  });
}

function inOrder(datakit: Datakit, selected: readonly ExpectedTable[]): Building[] {
  return buildOrder(datakit).flatMap((entity) => {
    const table = selected.find(({ name }) => name === tableName(entity));
    const build = table && tableBuild(table.definition.options.build);
    return build ? [{ table, build }] : [];
  });
}

/** Nobody else writes the tables meanwhile, and what they read stays as it is. */
function locksOf({ schema }: Datakit, own: readonly TableName[], read: readonly TableName[]): Lock[] {
  const keyOf = ({ schema: place, name }: TableName): string => `table:${place ?? ''}.${name}`;
  return [
    { key: `datakit:${schema}`, shared: true },
    ...own.map((table) => ({ key: keyOf(table), shared: false })),
    ...read.map((table) => ({ key: keyOf(table), shared: true })),
  ].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

async function buildAll(
  datakit: Datakit,
  buildings: readonly Building[],
  declared: readonly ExpectedTable[],
  options: IngestOptions,
  engine: Engine,
  session: Session,
  signal: AbortSignal,
): Promise<LoadedTable[]> {
  const { loads } = new Ledger(engine, session);
  const waiting: BuiltTable[] = [];
  const loaded: LoadedTable[] = [];
  const allowed = options.maxBadRows === undefined ? undefined : readBadRowsLimit(options.maxBadRows);
  for (const [position, { table, build }] of buildings.entries()) {
    refuseWhenStopped(signal);
    const begun = performance.now();
    const loadId = uuidV7();
    const startedAt = currentInstant();
    const isParent = declared.some(({ structure }) =>
      structure.foreignKeys.some(({ references }) => references.table.name === table.structure.table.name),
    );
    const request = { datakit, table, build, engine, isParent, fullRefresh: options.fullRefresh ?? false };
    const built = await buildTable({ ...request, loadId, position }, session);
    waiting.unshift(built);
    const quarantined = [...built.reasons.values()].reduce((sum, count) => sum + count, 0);
    if (built.read !== built.rows + quarantined) throw countsDiffer(table.name, built.read, built.rows + quarantined);
    if (quarantined > 0) await options.onEvent?.({ kind: 'findings', findings: quarantineFindings(table.name, built) });
    if (allowed !== undefined && isOverLimit(allowed, quarantined, built.read)) {
      throw tooManySetAside(table.name, quarantined, built.read, allowed);
    }
    await loads.record({
      loadId,
      runId: options.runId,
      datakit: datakit.name,
      table: table.name,
      sourceSystem: 'datakit',
      sourceTable: Object.values(build.inputs).map(tableName).join(','),
      sourceHost: 'target',
      extractionMethod: build.kind === 'rebuild' ? 'full_snapshot' : 'incremental',
      disposition: build.kind === 'rebuild' ? 'replace' : 'merge',
      published: built.published,
      formats: ['table'],
      rowsRead: built.read,
      rowsLoaded: built.rows,
      rowsQuarantined: quarantined,
      bytes: 0,
      startedAt,
      definition: loadDefinition(table, engine, datakit),
    });
    if (build.kind === 'rebuild') await loads.forgetOld(datakit.name, table.name);
    loaded.push({
      table: table.name,
      loadId,
      status: 'succeeded',
      read: built.read,
      loaded: built.rows,
      quarantined,
      bytes: 0,
      seconds: (performance.now() - begun) / 1000,
      published: built.published,
      files: [],
    });
  }
  for (const { deleteGone } of waiting) await deleteGone?.();
  for (const { release } of waiting) await release?.();
  return loaded;
}

function countsDiffer(table: string, read: number, accounted: number): DatakitError {
  return new DatakitError({
    code: 'BAD_ROWS',
    message: `The query of "${table}" gave ${countOf(read, 'row')}, and ${accounted.toLocaleString('en')} were loaded or set aside; nothing was published.`,
    hint: 'Look for a trigger on the table that drops rows.',
  });
}

function tooManySetAside(table: string, rows: number, read: number, limit: BadRowsLimit): DatakitError {
  return new DatakitError({
    code: 'BAD_ROWS',
    message: `${rows.toLocaleString('en')} of ${countOf(read, 'row')} of "${table}" would go to quarantine, and --maxBadRows allows ${limit}; nothing of the datakit was published.`,
    hint: `Mend the rows where they come from, allow them with --maxBadRows=${rows}, or leave the option out: then the conditions decide alone.`,
    details: { table, read, bad: rows },
  });
}
