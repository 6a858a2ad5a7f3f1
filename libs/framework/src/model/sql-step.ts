import { DatakitError } from '../errors/datakit-error.ts';

/** A statement by hand, as a team writes it. */
export interface SqlStepDefinition {
  /** Lower-case words joined by hyphens. A database remembers the step by it. */
  readonly name: string;
  /**
   * `before` the changes of the tables, on a database that has some of them already: to prepare the rows that are
   * there. `after` them (the default), on every database.
   */
  readonly when?: 'before' | 'after';
  /** One statement by the engine's name, or for all others `default`; null where there is nothing to do. */
  readonly sql: Readonly<Record<string, string | null>>;
}

/** A checked step. */
export interface SqlStep {
  readonly kind: 'sql step';
  readonly name: string;
  readonly when: 'before' | 'after';
  readonly sql: Readonly<Record<string, string | null>>;
}

const engines = ['postgres', 'mysql', 'mariadb', 'sqlite', 'default'];

/**
 * Declares a statement that every database runs once, in the plan of the deployment that finds it new.
 *
 * @throws DATAKIT_INVALID for a name that cannot be used, an unknown engine, or no statement
 * @example
 * ```ts
 * steps: [
 *   sqlStep({
 *     name: 'fill-length',
 *     when: 'before',
 *     sql: {
 *       postgres: 'update bronze_shop.film set length = 0 where length is null',
 *       default: 'update bronze_shop_film set length = 0 where length is null',
 *     },
 *   }),
 * ],
 * ```
 */
export function sqlStep({ name, when = 'after', sql }: SqlStepDefinition): SqlStep {
  const invalid = (message: string, hint: string): DatakitError =>
    new DatakitError({ code: 'DATAKIT_INVALID', message: `The step "${name}" ${message}`, hint });
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 60) {
    throw invalid('has a name that cannot be used.', 'Use lower-case words joined by hyphens, 60 characters at most.');
  }
  if (when !== 'before' && when !== 'after') {
    throw invalid('does not say when it runs.', "Use when: 'before' or when: 'after'.");
  }
  const unknown = Object.keys(sql).find((engine) => !engines.includes(engine));
  if (unknown !== undefined) throw invalid(`names the engine "${unknown}".`, `Use one of: ${engines.join(', ')}.`);
  const isEmpty = (text: string | null): boolean => text !== null && text.trim() === '';
  if (Object.keys(sql).length === 0 || Object.values(sql).some(isEmpty)) {
    throw invalid('has no statement.', 'Give one per engine, or "default"; null where there is nothing to do.');
  }
  return Object.freeze({ kind: 'sql step', name, when, sql: Object.freeze({ ...sql }) });
}
