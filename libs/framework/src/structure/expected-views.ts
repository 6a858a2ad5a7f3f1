import { createHash } from 'node:crypto';
import type { Engine } from '../engines/engine.ts';
import type { EntityTable } from '../engines/entity-metadata.ts';
import { physicalName } from '../engines/physical-name.ts';
import type { ViewStructure } from '../engines/table-structure.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { schemasOf, tableName, type Datakit } from '../model/datakit.ts';
import type { AnyEntity } from '../model/entity.ts';
import type { TableDefinition } from '../model/table.ts';
import type { ViewBuild } from '../model/view.ts';
import { discoveredEntities } from './expected-tables.ts';

/** One view of a datakit as it is to be on one engine. */
export interface ExpectedView {
  /** The entity's own name for it. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly definition: TableDefinition;
  readonly entity: EntityTable;
  readonly structure: ViewStructure;
  /** Hash of the query: servers rewrite the text, so only this tells whether the declaration changed. */
  readonly declared: string;
}

/**
 * What a datakit's views must be on an engine; those that others read come first.
 * @throws DATAKIT_INVALID for views that read each other in a circle, or something whose place nobody knows
 */
export function expectedViews(datakit: Datakit, engine: Engine): ExpectedView[] {
  const views = new Map<AnyEntity, ExpectedView>();
  const open = new Set<AnyEntity>();
  const builds = new Map<AnyEntity, { build: ViewBuild; index: number }>();
  for (const [index, { entity, options }] of datakit.tables.entries()) {
    if (options.build?.kind === 'view') builds.set(entity, { build: options.build, index });
  }
  if (builds.size === 0) return [];
  const entities = discoveredEntities(datakit);
  const visit = (entity: AnyEntity): void => {
    const found = builds.get(entity);
    if (!found || views.has(entity)) return;
    if (open.has(entity)) throw circle([...open].map(tableName));
    open.add(entity);
    for (const input of Object.values(found.build.inputs)) visit(input);
    open.delete(entity);
    const shape = entities[found.index] as EntityTable;
    const { name } = shape;
    const view = physicalName(datakit, name, engine);
    engine.checkIdentifier(view.name, 'table');
    const query = queryOf(datakit, name, found.build, engine);
    const declared = hashOf(query);
    views.set(entity, {
      name,
      columns: shape.columns.map((column) => column.name),
      definition: datakit.tables[found.index] as TableDefinition,
      entity: shape,
      structure: { view, query },
      declared,
    });
  };
  for (const entity of builds.keys()) visit(entity);
  return [...views.values()];
}

/** Tells two texts apart. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function queryOf(datakit: Datakit, view: string, { inputs, write }: ViewBuild, engine: Engine): string {
  const names = Object.entries(inputs).map(([name, entity]) => {
    const schema = schemaOf(entity, datakit);
    if (schema === undefined) throw placeless(view, name);
    return [name, engine.quoteTable(physicalName({ schema }, tableName(entity), engine))] as const;
  });
  return write(Object.fromEntries(names)).trim().replace(/;$/, '');
}

/** A datakit's own entity is its own; one of another datakit is where that one has it. */
function schemaOf(entity: AnyEntity, datakit: Datakit): string | undefined {
  if (datakit.tables.some((table) => table.entity === entity)) return datakit.schema;
  const schemas = schemasOf(entity);
  return schemas.length === 1 ? schemas[0] : undefined;
}

function placeless(view: string, input: string): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `The view "${view}" reads "${input}", and it is not clear where that is.`,
    hint: 'List its entity in the "tables" of exactly one datakit, and import the entity from there.',
  });
}

function circle(names: readonly string[]): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `The views ${names.join(', ')} read each other in a circle.`,
    hint: 'One of them has to be a table.',
  });
}
