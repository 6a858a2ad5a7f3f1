import { findWorkspaceRoot } from '../settings/datakit-home.ts';
import { predefinedTargets } from './predefined-targets.ts';
import { resolveTarget, type ResolvedTarget, type TargetSettings } from './resolve-target.ts';
import type { TargetDefinition } from './target-definition.ts';

const settings = (): TargetSettings => ({ workspaceRoot: findWorkspaceRoot() });

/**
 * A predefined target by name.
 * @throws TARGET_UNKNOWN
 * @example
 * ```ts
 * getTarget('sqlite_memory').inMemory; // true
 * ```
 */
export function getTarget(name: string): ResolvedTarget {
  return resolveTarget({ name }, settings());
}

/**
 * A target of one's own.
 * @throws OPTION_INVALID where the definition does not say which engine it is for
 * @example
 * ```ts
 * createTarget({ type: 'postgres', host: 'localhost', port: 5433, database: 'test', user: 'postgres' }).name; // 'created'
 * ```
 */
export function createTarget(definition: TargetDefinition): ResolvedTarget {
  return resolveTarget({ name: 'created' }, { ...settings(), targets: { created: definition } });
}

/** Every predefined target with what it is. */
export function listTargets(): { readonly name: string; readonly description: string }[] {
  return Object.entries(predefinedTargets).map(([name, { description }]) => ({ name, description }));
}

/** For continuous integration: SQLite in memory, needs nothing. */
export function ciTarget(): ResolvedTarget {
  return getTarget('ci');
}

/** For development: a file that stays between commands. */
export function developmentTarget(): ResolvedTarget {
  return getTarget('development');
}

/**
 * For production: where `DATAKIT_PRODUCTION_URL` says. Protected: changed by approved plans only, never dropped.
 * @throws OPTION_INVALID where the variable is not set
 */
export function productionTarget(): ResolvedTarget {
  return getTarget('production');
}

/** For integration tests: a real PostgreSQL that needs no installation. */
export function integrationTarget(): ResolvedTarget {
  return getTarget('integration');
}
