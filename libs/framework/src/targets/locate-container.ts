import { containerDefaults, type ContainerEngine } from '../engines/container-defaults.ts';
import type { ServerPlace } from '../engines/place.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { ContainerSpecification } from '../servers/containers/container-specification.ts';
import { refuseNonPort } from '../settings/server-url.ts';
import type { TargetDefinition } from './target-definition.ts';

/** A server in a container of ours, unless somebody's own server answers at the place of the target. */
export interface ContainerTarget {
  readonly kind: 'container';
  /** Where a server is used as it is; absent where the definition gives no port, and a container always serves. */
  readonly place?: ServerPlace<ContainerEngine>;
  readonly specification: ContainerSpecification;
  readonly home: string;
  readonly database: string;
}

/**
 * Completes the definition of a container target. The usual variables of the engine (PGHOST, ...) have no say: they are
 * about servers that somebody runs.
 *
 * @param definition checked
 * @param fill puts values in place of `${NAME}`
 * @throws OPTION_INVALID
 */
export function locateContainer(
  what: string,
  definition: TargetDefinition & { readonly type: ContainerEngine },
  fill: (text: string) => string,
  home: string,
  database: string,
): ContainerTarget {
  const { type: engine, host, port, container } = definition;
  if (container?.image === undefined) {
    throw new DatakitError({ code: 'OPTION_INVALID', message: `${what} has a container without "image".` });
  }
  const defaults = containerDefaults[engine];
  const user = definition.user === undefined ? defaults.user : fill(definition.user);
  const password = definition.password === undefined ? defaults.password : fill(definition.password);
  const given = Object.entries(container.environment ?? {}).map(([name, value]) => [name, fill(value)] as const);
  if (port !== undefined) refuseNonPort(port, what, '"port"');
  return {
    kind: 'container',
    home,
    database,
    ...(port === undefined
      ? {}
      : { place: { engine, host: host === undefined ? 'localhost' : fill(host), port, user, password, database } }),
    specification: {
      engine,
      image: fill(container.image),
      command: (container.command ?? defaults.command).map(fill),
      environment: { ...defaults.environment(user, password), ...Object.fromEntries(given) },
      port: container.port ?? defaults.port,
      user,
      password,
    },
  };
}
