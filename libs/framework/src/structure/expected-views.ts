import { createHash } from 'node:crypto';
import type { Engine } from '../engines/engine.ts';
import type { EntityTable } from '../engines/entity-metadata.ts';
import { physicalName } from '../engines/physical-name.ts';
import type { ViewStructure } from '../engines/table-structure.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { isView, type QueryViewBuild } from '../model/build.ts';
import { ownerOf, tableName, type Datakit } from '../model/datakit.ts';
import type { AnyEntity } from '../model/entity.ts';
import type { TableDefinition } from '../model/table.ts';
import type { ViewBuild } from '../model/view.ts';
import { compileBuild, placeless } from './compile-build.ts';
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
  const builds = new Map<AnyEntity, { build: ViewBuild | QueryViewBuild; index: number }>();
  for (const [index, { entity, options }] of datakit.tables.entries()) {
    if (isView(options.build)) builds.set(entity, { build: options.build, index });
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

function queryOf(datakit: Datakit, view: string, build: ViewBuild | QueryViewBuild, engine: Engine): string {
  if (!('write' in build)) return compileBuild(datakit, view, build, engine).sql;
  const names = Object.entries(build.inputs).map(([name, entity]) => {
    const owner = ownerOf(entity, datakit);
    if (!owner) throw placeless(view, name);
    return [name, engine.quoteTable(physicalName(owner, tableName(entity), engine))] as const;
  });
  return build.write(Object.fromEntries(names)).trim().replace(/;$/, '');
}

function circle(names: readonly string[]): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `The views ${names.join(', ')} read each other in a circle.`,
    hint: 'One of them has to be a table.',
  });
}
