import { DatakitError } from '../errors/datakit-error.ts';
import type { CustomSource, PipelineModule } from '../model/custom-source.ts';
import type { SourceDefinition } from '../model/source-definition.ts';
import { readVariable } from '../settings/environment.ts';
import { openSource, type OpenedSource, type SourceSettings } from '../sources/open-source.ts';
import type { SourceTable } from '../sources/source-connector.ts';
import { PipelineConnector } from '../sources/pipeline-connector.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';
import { BronzeIngestionPipeline } from './bronze-ingestion-pipeline.ts';
import { columnsToLoad, sourceTableName } from './source-contract.ts';

/** The steps of a load, and where its rows come from. */
export interface OpenedPipeline {
  readonly pipeline: BronzeIngestionPipeline;
  readonly source: OpenedSource;
}

/**
 * Opens the source of a datakit with the pipeline that it names, or the usual one.
 *
 * @throws DATAKIT_INVALID for a module that gives no pipeline
 * @throws SOURCE_UNAVAILABLE, OPTION_INVALID as the source does
 */
export async function openPipeline(
  definition: SourceDefinition | CustomSource,
  tables: readonly ExpectedTable[],
  settings: SourceSettings,
  signal: AbortSignal,
): Promise<OpenedPipeline> {
  const pipeline = await makePipeline(definition, settings);
  if (definition.kind !== 'custom') {
    if (pipeline.extractTable !== BronzeIngestionPipeline.prototype.extractTable) {
      throw invalid(
        definition.system,
        'reads rows itself, and so does the connector',
        'Declare it with customSource().',
      );
    }
    return { pipeline, source: await openSource(definition, settings) };
  }
  if (settings.url !== undefined) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `The source ${definition.system} is read by code, which takes no --sourceUrl.`,
      hint: 'Set the variables that its pipeline reads.',
    });
  }
  const connector = new PipelineConnector(pipeline, tables.map(declaredTable), signal);
  return {
    pipeline,
    source: {
      connector,
      schema: connector.defaultSchema,
      description: connector.description,
      [Symbol.asyncDispose]: () => connector[Symbol.asyncDispose](),
    },
  };
}

async function makePipeline(
  definition: SourceDefinition | CustomSource,
  { environment }: SourceSettings,
): Promise<BronzeIngestionPipeline> {
  const { system } = definition;
  const settings = { system, variable: (name: string) => readVariable(environment, name) };
  const load: PipelineModule | undefined = definition.pipeline;
  if (!load) return new BronzeIngestionPipeline(settings);
  const { default: Pipeline } = await load();
  const pipeline = typeof Pipeline === 'function' ? new Pipeline(settings) : undefined;
  if (pipeline instanceof BronzeIngestionPipeline) return pipeline;
  const hint = 'Write: export default class … extends BronzeIngestionPipeline, of the same @datakit/framework.';
  throw invalid(system, 'imports a module whose default export is no BronzeIngestionPipeline', hint);
}

/** What the database keeps itself comes from there. */
function declaredTable(table: ExpectedTable): SourceTable {
  const name = sourceTableName(table);
  const columns = columnsToLoad(table)
    .filter((column) => !table.maintained.has(column.name))
    .map(({ from, type }) => ({ name: from, type, nullable: true }));
  return { name, columns, estimatedRows: undefined };
}

function invalid(system: string, what: string, hint: string): DatakitError {
  return new DatakitError({ code: 'DATAKIT_INVALID', message: `The pipeline of the source ${system} ${what}.`, hint });
}
