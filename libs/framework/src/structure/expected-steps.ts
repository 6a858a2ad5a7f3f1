import type { Engine } from '../engines/engine.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { Datakit } from '../model/datakit.ts';
import type { SqlStep } from '../model/sql-step.ts';

/** A statement by hand as it is for one engine. */
export interface ExpectedStep {
  readonly name: string;
  readonly when: SqlStep['when'];
  /** Without a semicolon at its end. */
  readonly sql: string;
}

/**
 * The statements by hand of a datakit that an engine has to run, in their order.
 * @throws DATAKIT_INVALID where one has nothing for the engine, and does not say so
 */
export function expectedSteps(datakit: Datakit, engine: Engine): ExpectedStep[] {
  return datakit.steps.flatMap(({ name, when, sql: texts }) => {
    const sql = Object.hasOwn(texts, engine.name) ? texts[engine.name] : texts['default'];
    if (sql === undefined) {
      throw new DatakitError({
        code: 'DATAKIT_INVALID',
        message: `The step "${name}" of "${datakit.name}" does not say what ${engine.name} has to do.`,
        hint: `Add "${engine.name}" or "default" to its "sql"; null where there is nothing to do.`,
      });
    }
    // Every line end is one, whatever the system of the one who deploys makes of it.
    return sql === null ? [] : [{ name, when, sql: sql.replaceAll('\r\n', '\n').trim().replace(/;$/, '') }];
  });
}
