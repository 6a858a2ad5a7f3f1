import { DatakitError } from '../errors/datakit-error.ts';
import type { SourceDefinition } from '../model/source-definition.ts';
import { fillVariables, readVariable, variablesIn, type Environment } from '../settings/environment.ts';
import type { SourceConnector } from './source-connector.ts';
import type { TableFiles } from './source-kind.ts';
import { kindOfUrl, loadOpener } from './source-registry.ts';

/** An opened source. */
export interface OpenedSource extends AsyncDisposable {
  readonly connector: SourceConnector;
  /** The schema to read; the source's usual one where the datakit names none. */
  readonly schema: string;
  /** What is read and why this one; the ingest prints it. */
  readonly description: string;
}

/** What beside its definition decides where a source is. */
export interface SourceSettings {
  readonly environment: Environment;
  /** Where relative paths begin. */
  readonly workspaceRoot: string;
  /** Read from here instead of what the datakit declares; any kind of source. */
  readonly url?: string | undefined;
  /** What the tables say about their files, by the source's names of the tables. */
  readonly tables?: ReadonlyMap<string, TableFiles>;
}

/**
 * Opens the source of a datakit: the given URL, else its own URL where the variables in it are set, else the one
 * that is served on demand.
 *
 * @throws SOURCE_UNAVAILABLE where there is no way to one
 * @throws OPTION_INVALID for a URL that makes no sense
 */
export async function openSource(definition: SourceDefinition, settings: SourceSettings): Promise<OpenedSource> {
  const { environment, url } = settings;
  const missing = variablesIn(definition.url ?? '').filter((name) => readVariable(environment, name) === undefined);
  const chosen = url ?? (definition.url !== undefined && missing.length === 0 ? definition.url : undefined);
  if (chosen !== undefined) return atUrl(definition, chosen, settings);
  if (!definition.otherwise) {
    throw new DatakitError({
      code: 'SOURCE_UNAVAILABLE',
      message: `The source ${definition.system} needs ${missing.join(', ') || 'a URL'}, which is not set.`,
      hint: 'Set it in the environment or in the .env file of the workspace, or give --sourceUrl.',
      details: { variables: missing },
    });
  }
  const opener = await loadOpener(definition.kind);
  const served = await definition.otherwise();
  const connector = opener.served(served.connection);
  return {
    connector,
    schema: definition.schema ?? connector.defaultSchema,
    description: `${served.description} (${missing.join(', ')} is not set)`,
    [Symbol.asyncDispose]: async () => {
      try {
        await connector[Symbol.asyncDispose]();
      } finally {
        await served.release();
      }
    },
  };
}

async function atUrl(
  definition: SourceDefinition,
  chosen: string,
  { environment, workspaceRoot, url: given, tables = new Map() }: SourceSettings,
): Promise<OpenedSource> {
  const { system } = definition;
  const what = `The URL of the source ${system}`;
  const fill = (text: string): string => fillVariables(text, environment, what);
  const url = fill(chosen);
  const kind = kindOfUrl(url, what);
  const isDeclared = given === undefined;
  const opener = await loadOpener(kind);
  const connector = opener.atUrl({
    ...{ url, what, system, environment, workspaceRoot, tables, fill },
    ...(isDeclared ? { declared: definition } : {}),
    ...(kind === definition.kind ? { definition } : {}),
  });
  const why = isDeclared ? variablesIn(chosen).join(', ') : '--sourceUrl';
  return {
    connector,
    // A schema of one kind of source means nothing in another.
    schema: (kind === definition.kind ? definition.schema : undefined) ?? connector.defaultSchema,
    description: `${connector.description}${why ? ` (${why})` : ''}`,
    [Symbol.asyncDispose]: () => connector[Symbol.asyncDispose](),
  };
}
