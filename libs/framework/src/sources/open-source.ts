import { DatakitError } from '../errors/datakit-error.ts';
import type { SourceDefinition } from '../model/source-definition.ts';
import { fillVariables, readVariable, variablesIn, type Environment } from '../settings/environment.ts';
import { securityOf } from '../settings/connection-security.ts';
import { completeAddress, parsePostgresUrl, type PostgresAddress } from '../settings/postgres-url.ts';
import type { SourceConnector } from './source-connector.ts';

/** An opened source. */
export interface OpenedSource extends AsyncDisposable {
  readonly connector: SourceConnector;
  /** What is read and why this one; the ingest prints it. */
  readonly description: string;
}

/**
 * Opens the source of a datakit: the given URL, else its own URL where the variables in it are set, else the one
 * that is served on demand.
 *
 * @param url overrides what the datakit declares
 * @throws SOURCE_UNAVAILABLE where there is no way to one
 */
export async function openSource(
  definition: SourceDefinition,
  environment: Environment,
  url?: string,
): Promise<OpenedSource> {
  const { PostgresConnector } = await import('./postgres/postgres-connector.ts');
  const missing = variablesIn(definition.url ?? '').filter((name) => readVariable(environment, name) === undefined);
  const chosen = url ?? (definition.url !== undefined && missing.length === 0 ? definition.url : undefined);
  if (chosen !== undefined) {
    const what = `The URL of the source ${definition.system}`;
    const given = parsePostgresUrl(fillVariables(chosen, environment, what), what);
    const declared = securityOf(definition, (text) => fillVariables(text, environment, what));
    const security = declared && url === undefined ? { security: { ...given.security, ...declared } } : {};
    const connector = new PostgresConnector(completeAddress({ ...given, ...security }, environment, definition.system));
    const why = url !== undefined ? '--sourceUrl' : variablesIn(chosen).join(', ');
    return {
      connector,
      description: `${connector.description}${why ? ` (${why})` : ''}`,
      [Symbol.asyncDispose]: () => connector[Symbol.asyncDispose](),
    };
  }
  if (!definition.otherwise) {
    throw new DatakitError({
      code: 'SOURCE_UNAVAILABLE',
      message: `The source ${definition.system} needs ${missing.join(', ') || 'a URL'}, which is not set.`,
      hint: 'Set it in the environment or in the .env file of the workspace, or give --sourceUrl.',
      details: { variables: missing },
    });
  }
  const served = await definition.otherwise();
  const address: PostgresAddress = served.connection;
  const connector = new PostgresConnector(address);
  return {
    connector,
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
