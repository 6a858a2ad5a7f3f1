import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import { findWorkspaceRoot } from '../settings/datakit-home.ts';
import { readEnvironment } from '../settings/environment.ts';
import type { SourceConnector } from '../sources/source-connector.ts';
import { expectedTables, type ExpectedTable } from '../structure/expected-tables.ts';
import { openPipeline } from './open-pipeline.ts';
import { columnsToLoad, sourceTableName } from './source-contract.ts';

/**
 * The tables of a datakit whose source holds more than the last load read, as far as the source can say so without
 * reading them: by the greatest value of their cursor, or by names, sizes and times of their files. Of other tables
 * nobody knows; where there are no such tables, the source is not even opened.
 *
 * @param sourceUrl read there instead of where the datakit says
 * @throws SOURCE_UNAVAILABLE, AUTH_FAILED, OPTION_INVALID
 */
export async function newInSource(
  datakit: Datakit,
  engine: Engine,
  session: Session,
  sourceUrl?: string,
): Promise<string[]> {
  const { source } = datakit;
  const tables = expectedTables(datakit, engine);
  const readsFiles = sourceUrl === undefined ? source?.kind === 'files' : /^file:/i.test(sourceUrl);
  const tellers = tables.filter(({ load }) => readsFiles || load.cursor !== undefined);
  if (!source || tellers.length === 0) return [];
  const ledger = new Ledger(engine, session);
  if (!(await ledger.exists())) return [];
  const workspaceRoot = findWorkspaceRoot();
  const settings = {
    ...{ environment: readEnvironment(workspaceRoot), workspaceRoot, url: sourceUrl },
    tables: new Map(tables.map((table) => [sourceTableName(table), table.definition.options.source ?? {}])),
  };
  const { source: opening } = await openPipeline(source, tables, settings, new AbortController().signal);
  await using opened = opening;
  const { connector, schema } = opened;
  const isNew = (table: ExpectedTable): Promise<boolean> =>
    readsFiles
      ? hasNewFiles(table, connector, ledger, { datakit: datakit.name, sourceSystem: source.system })
      : hasNewRows(table, connector, schema, ledger);
  const found: string[] = [];
  for (const table of tellers) if (await isNew(table)) found.push(table.name);
  return found;
}

async function hasNewRows(
  table: ExpectedTable,
  connector: SourceConnector,
  schema: string,
  ledger: Ledger,
): Promise<boolean> {
  const { cursor } = table.load;
  if (!cursor || !(await ledger.cursors.exist())) return false;
  const [last] = await ledger.cursors.of(nameOf(table), ['table']);
  const column = columnsToLoad(table).find(({ name }) => name === cursor.column)?.from;
  if (!last || column === undefined) return false;
  return await connector.withSnapshot(async (snapshot) => {
    const from = { value: last.value, inclusive: false };
    const range = { column, type: cursor.type, from, nulls: false };
    const measured = await snapshot.measure?.({ schema, table: sourceTableName(table), range });
    return measured?.greatest !== undefined;
  });
}

async function hasNewFiles(
  table: ExpectedTable,
  connector: SourceConnector,
  ledger: Ledger,
  { datakit, sourceSystem }: { readonly datakit: string; readonly sourceSystem: string },
): Promise<boolean> {
  if (!connector.listFiles || !(await ledger.files.exist())) return false;
  const loaded = (await ledger.files.of({ object: nameOf(table), sourceSystem })).get('table');
  const since = loaded && (await ledger.loads.latest(datakit, table.name))?.publishedAt;
  if (!loaded || since === undefined) return false;
  const files = await connector.listFiles(sourceTableName(table));
  return files.some(({ name, bytes, changedAt }) => {
    const known = loaded.get(name);
    return !known || known.bytes !== bytes || changedAt.getTime() > Date.parse(since);
  });
}

function nameOf({ structure: { table } }: ExpectedTable): string {
  return table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
}
