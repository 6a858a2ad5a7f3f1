import { DatakitError } from '../errors/datakit-error.ts';
import { tableName, type Datakit } from '../model/datakit.ts';
import type { AnyEntity } from '../model/entity.ts';

/**
 * The tables and views of a datakit, each after those that it reads.
 * @throws CYCLE for tables that read each other in a circle
 */
export function buildOrder(datakit: Datakit): AnyEntity[] {
  const inputs = new Map(
    datakit.tables.map(({ entity, options }) => [entity, Object.values(options.build?.inputs ?? {})]),
  );
  const ordered = new Set<AnyEntity>();
  const visit = (entity: AnyEntity, path: readonly AnyEntity[]): void => {
    if (ordered.has(entity) || !inputs.has(entity)) return;
    if (path.includes(entity)) throw circle([...path.slice(path.indexOf(entity)), entity], datakit);
    for (const input of inputs.get(entity) ?? []) visit(input, [...path, entity]);
    ordered.add(entity);
  };
  for (const entity of inputs.keys()) visit(entity, []);
  return [...ordered];
}

function circle(path: readonly AnyEntity[], datakit: Datakit): DatakitError {
  const tables = path.map(tableName);
  return new DatakitError({
    code: 'CYCLE',
    message: `Tables of "${datakit.name}" read each other in a circle: ${tables.join(' → ')}.`,
    hint: 'A table can only be built from tables that are there before it: take one of the inputs away.',
    details: { tables },
  });
}
