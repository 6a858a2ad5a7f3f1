import { join } from 'node:path';
import pLimit from 'p-limit';
import { compileChecks } from '../checks/compile-checks.ts';
import { describePlace } from '../engines/place.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { makeFolder } from '../files/load-files.ts';
import type { Datakit } from '../model/datakit.ts';
import { datakitHome, findWorkspaceRoot } from '../settings/datakit-home.ts';
import { readEnvironment } from '../settings/environment.ts';
import { expectedTables, type ExpectedTable } from '../structure/expected-tables.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import { buildInto, hasBuilds } from './build-datakit.ts';
import { readBadRowsLimit } from './bad-rows-limit.ts';
import { undeclaredTable } from './contract-findings.ts';
import { modesOf } from './contract-modes.ts';
import { findSourceTables } from './find-source-tables.ts';
import { fileFormatsIn, type IngestOptions, type IngestResult, type LoadedTable } from './ingest-request.ts';
import type { LoadContext } from './load-context.ts';
import { loadBatches } from './load-batches.ts';
import { LoadOrder } from './load-order.ts';
import { planLoads, type LoadPlan } from './load-plan.ts';
import { openPipeline } from './open-pipeline.ts';
import { requireDeployed } from './require-deployed.ts';
import { selectTables } from './select-tables.ts';
import { SourceSnapshots } from './source-snapshots.ts';
import { agreeOnContract, sourceObject, sourceTableName, type TableContract } from './source-contract.ts';

/**
 * Fills the tables of a datakit. Those of silver and gold are built inside the target, see {@link buildInto}. For bronze
 * it checks everything that can be checked first, then reads all tables from one consistent state of the source and
 * publishes them one by one. A fault that passes is met by trying the load in hand again, a few times. The first failure stops the tables that have not begun; those that are published stay.
 *
 * @throws DATAKIT_INVALID, TABLE_UNKNOWN, OPTION_INVALID, CURSOR_CHANGED, OUTPUT_UNWRITABLE, NOT_DEPLOYED, DRIFT,
 * SOURCE_UNAVAILABLE, AUTH_FAILED, SOURCE_TABLE_UNKNOWN, SOURCE_UNREADABLE, SOURCE_CHANGED, CONTRACT, BAD_ROWS, CHECK_FAILED, LOCKED, DISK_FULL,
 * CANCELLED, and for a build CYCLE, NOT_LOADED, TARGET_FAILED
 */
export async function ingestInto(
  datakit: Datakit,
  database: TargetDatabase,
  options: IngestOptions,
): Promise<IngestResult> {
  const { source } = datakit;
  if (!source) {
    if (hasBuilds(datakit)) return await buildInto(datakit, database, options);
    throw new DatakitError({
      code: 'DATAKIT_INVALID',
      message: `The datakit "${datakit.name}" has no source to ingest from.`,
      hint: 'Add source: postgresSource({ … }) to its definition, or say how its tables are built: table(Entity, { build: rebuild(…) }).',
    });
  }
  const { engine } = database;
  const workspaceRoot = findWorkspaceRoot();
  const formats = options.formats ?? ['table'];
  const out = options.out ?? join(datakitHome(workspaceRoot), 'files');
  const declared = expectedTables(datakit, engine);
  const tables = selectTables(declared, options.tables);
  const readsFiles = options.sourceUrl === undefined ? source.kind === 'files' : /^file:/i.test(options.sourceUrl);
  const plans = planLoads(tables, options, readsFiles);
  const maxBadRows = readBadRowsLimit(options.maxBadRows);
  for (const table of tables) modesOf(table, datakit);
  const checks = compileChecks(declared, engine, tables);
  if (fileFormatsIn(formats).length > 0) await makeFolder(out);
  if (!(await database.exists())) {
    throw new DatakitError({
      code: 'NOT_DEPLOYED',
      message: `"${datakit.name}" is not deployed to ${database.description}: the database does not exist.`,
      hint: 'Run "deploy" first.',
    });
  }
  const session = await database.connect();
  try {
    await requireDeployed(datakit, tables, engine, session);
  } finally {
    await database.disconnect(session);
  }
  const environment = readEnvironment(workspaceRoot);
  const signal = options.signal ?? new AbortController().signal;
  const settings = {
    ...{ environment, workspaceRoot, url: options.sourceUrl },
    tables: new Map(tables.map((table) => [sourceTableName(table), table.definition.options.source ?? {}])),
  };
  const { pipeline, source: opening } = await openPipeline(source, tables, settings, signal);
  await using opened = opening;
  const { connector, schema: sourceSchema } = opened;
  const { tables: tablesMode } = datakit.contract;
  // A source may have thousands of tables; looking at all of them is for those who ask.
  const looksAround = tablesMode === 'freeze' || tablesMode === 'evolve';
  const found = await findSourceTables(connector, sourceSchema, tables.map(sourceObject), looksAround);
  const contracts = agreeOnContract(datakit, tables, found.wanted, sourceSchema, connector.typed);
  const names = new Set(declared.map(sourceTableName));
  const undeclared = found.others.filter((name) => !names.has(name));
  await options.onEvent?.({
    kind: 'source',
    description: opened.description,
    tables: contracts.length,
    undeclared: tablesMode === 'freeze' ? undeclared : [],
  });
  const findings = [
    ...(tablesMode === 'evolve' ? (await found.describeOthers(undeclared)).map(undeclaredTable) : []),
    ...contracts.flatMap((contract) => contract.findings),
  ];
  if (findings.length > 0) await options.onEvent?.({ kind: 'findings', findings });
  await using snapshots = await SourceSnapshots.open(connector);
  // Awaited here: the source must not be closed before its rows are read.
  return await loadAll(contracts, plans, database, snapshots, options, {
    datakit: datakit.name,
    schema: datakit.schema,
    runId: options.runId,
    engine,
    targetPlace: describePlace(database.place),
    sourceSystem: source.system,
    sourceSchema,
    pipeline,
    connector,
    snapshot: snapshots.current,
    formats,
    out,
    home: datakitHome(workspaceRoot),
    maxBadRows,
    lockTimeout: options.lockTimeout ?? 10,
    signal,
    checks,
    loading: new Set(tables.map(({ structure }) => structure.table.name)),
    onFailure: (table) => options.onEvent?.({ kind: 'table', table }),
    onFindings: (findings) => options.onEvent?.({ kind: 'findings', findings }),
    onRetry: (table, attempt, attempts, error) => options.onEvent?.({ kind: 'retry', table, attempt, attempts, error }),
    onProgress: (table, progress) => {
      const estimatedRows = contracts.find((contract) => contract.table.name === table)?.estimatedRows;
      void options.onEvent?.({ kind: 'progress', table, ...progress, estimatedRows });
    },
  });
}

async function loadAll(
  contracts: readonly TableContract[],
  plans: ReadonlyMap<ExpectedTable, LoadPlan>,
  database: TargetDatabase,
  snapshots: SourceSnapshots,
  options: IngestOptions,
  context: LoadContext,
): Promise<IngestResult> {
  const limit = pLimit(database.engine.supportsConcurrentWriters ? (options.concurrency ?? 2) : 1);
  const loaded: LoadedTable[] = [];
  const failures: unknown[] = [];
  // The biggest first, where no check asks for another order: the end of a run is then not one long table alone.
  const bySize = [...contracts].sort((a, b) => (b.estimatedRows ?? 0) - (a.estimatedRows ?? 0));
  const order = new LoadOrder(
    bySize.map(({ table }) => table.structure.table),
    context.checks,
  );
  const byName = new Map(bySize.map((contract) => [contract.table.structure.table.name, contract]));
  await Promise.all(
    order.names.map(async (name) => {
      await order.ready(name);
      await limit(async () => {
        if (failures.length > 0) return;
        const contract = byName.get(name) as TableContract;
        const plan = plans.get(contract.table) as LoadPlan;
        const table = await context.pipeline.writeBronze(contract.table.name, () =>
          loadBatches(contract, plan, { ...context, order }, snapshots, database),
        );
        loaded.push(table);
        await options.onEvent?.({ kind: 'table', table });
      })
        .catch((error: unknown) => void failures.push(error))
        .finally(() => order.end(name));
    }),
  );
  if (failures.length > 0) throw failures[0];
  return { tables: loaded.sort((a, b) => a.table.localeCompare(b.table)) };
}
