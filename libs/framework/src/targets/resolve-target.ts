import { join, resolve } from 'node:path';
import type { Place } from '../engines/place.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { securityOf } from '../settings/connection-security.ts';
import { datakitHome } from '../settings/datakit-home.ts';
import { fillVariables, readEnvironment, readVariable, type Environment } from '../settings/environment.ts';
import { completeMysqlAddress, parseMysqlUrl } from '../settings/mysql-url.ts';
import { parseTimeToLive } from '../settings/time-to-live.ts';
import { completeAddress, parsePostgresUrl } from '../settings/postgres-url.ts';
import type { GivenAddress } from '../settings/server-url.ts';
import { checkContainer } from './check-container.ts';
import { checkTargetRequest } from './check-target-request.ts';
import { locateContainer, type ContainerTarget } from './locate-container.ts';
import { defaultDatabaseName, defaultTargetName, predefinedTargets, urlVariable } from './predefined-targets.ts';
import type { EngineName, TargetDefinition, TargetRequest } from './target-definition.ts';

/** A target whose place is known; nothing is opened yet. */
export interface ResolvedTarget {
  /** Its name, or `custom` for one given by options or URL. */
  readonly name: string;
  /** Lives in the process, so every operation first makes what it needs. */
  readonly inMemory: boolean;
  /** True where the target's own definition says so; a database reached in another way may say so itself. */
  readonly protected?: boolean;
  /** How long a database that we made stays after the last deployment: `2h`, `3d`. */
  readonly timeToLive?: string;
  readonly where:
    | { readonly kind: 'place'; readonly place: Place }
    | { readonly kind: 'embedded'; readonly home: string; readonly database: string }
    | ContainerTarget;
  readonly workspaceRoot: string;
  readonly environment: Environment;
}

/** What beside the request decides where a target is. */
export interface TargetSettings {
  readonly workspaceRoot: string;
  readonly targets?: Readonly<Record<string, TargetDefinition>>;
  readonly defaultTarget?: string;
  /** Values for variables that are not set: enough to find a server whose databases are named by one. */
  readonly otherwise?: Environment;
}

/**
 * Finds out where a target is: URL or options, else the named target, else the workspace's default.
 * `DATAKIT_<TARGET>_URL` moves a named target.
 *
 * @throws TARGET_UNKNOWN, OPTION_INVALID
 */
export function resolveTarget(request: TargetRequest, settings: TargetSettings): ResolvedTarget {
  checkTargetRequest(request, settings.targets);
  const { workspaceRoot } = settings;
  const custom = request.url !== undefined || request.targetType !== undefined;
  const name = custom ? 'custom' : (request.name ?? settings.defaultTarget ?? defaultTargetName);
  if (!custom) checkTargetRequest({ name }, settings.targets);
  const environment = { ...settings.otherwise, ...readEnvironment(workspaceRoot, name) };
  const named: TargetDefinition = custom
    ? (withoutUndefined({
        ...request,
        type: request.targetType,
        name: undefined,
        targetType: undefined,
      }) as TargetDefinition)
    : definitionOf(name, settings.targets?.[name]);
  const moved = custom ? undefined : readVariable(environment, urlVariable(name));
  const definition: TargetDefinition = moved === undefined ? named : { url: moved };
  const isProtected = !custom && (named.protected ?? predefined(name)?.protected ?? false);
  const where = locate(name, definition, workspaceRoot, environment);
  const inMemory = where.kind === 'place' && where.place.engine === 'sqlite' && where.place.file === ':memory:';
  const { timeToLive } = named;
  if (timeToLive !== undefined) parseTimeToLive(timeToLive, `"timeToLive" of the target ${name}`);
  const lifetime = timeToLive === undefined || isProtected ? {} : { timeToLive };
  return { name, inMemory, protected: isProtected, ...lifetime, where, workspaceRoot, environment };
}

/** A workspace's own definition says where a target is; one without type and URL only adds to a predefined target. */
function definitionOf(name: string, configured: TargetDefinition | undefined): TargetDefinition {
  if (configured?.type || configured?.url) return configured;
  const known = predefined(name);
  const container = { ...known?.container, ...configured?.container };
  return { ...known, ...configured, ...(Object.keys(container).length > 0 ? { container } : {}) };
}

function predefined(name: string): TargetDefinition | undefined {
  return (predefinedTargets as Record<string, TargetDefinition>)[name];
}

function locate(
  name: string,
  definition: TargetDefinition,
  workspaceRoot: string,
  environment: Environment,
): ResolvedTarget['where'] {
  const what = `The target ${name}`;
  const fill = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : fillVariables(text, environment, what);
  checkContainer(what, definition);
  const url = fill(definition.url);
  const type = definition.type ?? typeOfUrl(url, what);
  if (type === 'sqlite') {
    const file = url?.replace(/^sqlite:(\/\/(?=\/))?/, '') ?? fill(definition.database);
    const inMemory = definition.memory || file === ':memory:';
    const place = inMemory
      ? ':memory:'
      : file
        ? resolve(workspaceRoot, file)
        : join(datakitHome(workspaceRoot), 'datakit.sqlite');
    return { kind: 'place', place: { engine: 'sqlite', file: place } };
  }
  const database = fill(definition.database);
  if (definition.embedded) {
    return { kind: 'embedded', home: datakitHome(workspaceRoot), database: database ?? defaultDatabaseName };
  }
  if (definition.container) {
    const filled = (text: string): string => fillVariables(text, environment, what);
    const home = datakitHome(workspaceRoot);
    return locateContainer(what, { ...definition, type }, filled, home, database ?? defaultDatabaseName);
  }
  const given: GivenAddress = url === undefined ? {} : servers[type].parse(url, `The URL of the target ${name}`);
  const security = securityOf(definition, (text) => fillVariables(text, environment, what));
  const fields = withoutUndefined({
    host: fill(definition.host),
    port: definition.port,
    user: fill(definition.user),
    password: fill(definition.password),
    database,
    security: security && { ...given.security, ...security },
  });
  return {
    kind: 'place',
    place: {
      engine: type,
      ...servers[type].complete({ ...given, ...fields }, environment, defaultDatabaseName),
    } as Place,
  };
}

/** How the address of a server is read and completed. */
const servers = {
  postgres: { parse: parsePostgresUrl, complete: completeAddress },
  mysql: { parse: parseMysqlUrl, complete: completeMysqlAddress },
  mariadb: { parse: parseMysqlUrl, complete: completeMysqlAddress },
} as const;

const typesByScheme: Readonly<Record<string, EngineName>> = {
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mariadb: 'mariadb',
  sqlite: 'sqlite',
};

function typeOfUrl(url: string | undefined, what: string): EngineName {
  const type = typesByScheme[/^([a-z]+):/.exec(url ?? '')?.[1] ?? ''];
  if (type) return type;
  throw new DatakitError({
    code: 'OPTION_INVALID',
    message:
      url === undefined ? `${what} has neither a type nor a URL.` : `${what} has a URL of a kind that is not known.`,
    hint: 'URLs start with postgresql://, mysql://, mariadb:// or sqlite:; a definition without one needs "type".',
  });
}

function withoutUndefined<Fields extends object>(fields: Fields): { [Key in keyof Fields]?: NonNullable<Fields[Key]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
