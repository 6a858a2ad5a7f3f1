import type { EntitySchema } from '@mikro-orm/core';
import { DatakitError } from '../errors/datakit-error.ts';
import { tableBuild } from './build.ts';
import type { CustomSource } from './custom-source.ts';
import type { AnyEntity } from './entity.ts';
import { contractModes, type ContractModes } from './source-contract.ts';
import type { SourceDefinition } from './source-definition.ts';
import type { SqlStep } from './sql-step.ts';
import { isTableDefinition, type TableDefinition } from './table.ts';

/** The layers, from the source up. */
export const layers = ['bronze', 'silver', 'gold'] as const;
export type Layer = (typeof layers)[number];

/** What a team writes: `export default defineDatakit({ … })`. */
export interface DatakitDefinition {
  /** Equal to the name of the Nx project and to what `datakit.json` implies. */
  readonly name: string;
  readonly layer: Layer;
  /** Schema of the tables, or their prefix where an engine has no schemas; by default the name with underscores. */
  readonly schema?: string;
  /** Where a bronze datakit reads from. */
  readonly source?: SourceDefinition | CustomSource;
  /** What happens where the source and the entities differ: `{ columns: 'evolve' }`. */
  readonly contract?: ContractModes;
  /** Roles of the server that may read its tables and views; engines without roles have nothing to do. */
  readonly readers?: readonly string[];
  /** Entities, or entities with options: `table(Film, { … })`. */
  readonly tables: readonly (AnyEntity | TableDefinition)[];
  /** Statements by hand that every database runs once, in this order: `sqlStep({ … })`. */
  readonly steps?: readonly SqlStep[];
}

/** A checked datakit. */
export interface Datakit {
  readonly kind: 'datakit';
  readonly name: string;
  readonly layer: Layer;
  readonly schema: string;
  readonly source: SourceDefinition | CustomSource | undefined;
  readonly contract: ContractModes;
  readonly readers: readonly string[];
  readonly tables: readonly TableDefinition[];
  readonly steps: readonly SqlStep[];
}

/**
 * Declares a datakit.
 *
 * @throws IDENTIFIER for a table's name with a dot
 * @throws DATAKIT_INVALID when it has no tables, two of one name, or something that is no entity
 * @example
 * ```ts
 * export default defineDatakit({ name: 'bronze-shop', layer: 'bronze', tables: [Customer, Order] });
 * ```
 */
export function defineDatakit(definition: DatakitDefinition): Datakit {
  const invalid = (message: string, hint: string): DatakitError =>
    new DatakitError({ code: 'DATAKIT_INVALID', message: `Datakit "${definition.name}" ${message}`, hint });
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(definition.name)) {
    throw invalid('has a name that cannot be used.', 'Use lower-case words joined by hyphens: bronze-shop.');
  }
  if (!layers.includes(definition.layer)) {
    throw invalid(`has the layer "${definition.layer}".`, `Use one of: ${layers.join(', ')}.`);
  }
  const tables = (definition.tables ?? []).map((entry, index) => {
    if (isTableDefinition(entry)) return entry;
    if (isEntity(entry)) return { kind: 'table', entity: entry, options: {} } as const;
    throw invalid(
      `has something at tables[${index}] that is no entity.`,
      'List entities made by defineEntity(), or table(Entity, { … }).',
    );
  });
  if (tables.length === 0) throw invalid('has no tables.', 'List its entities in "tables".');
  const built = tables.find(({ options }) => tableBuild(options.build));
  if (definition.source && built) {
    throw invalid(
      `has a source and builds "${tableName(built.entity)}" from other tables.`,
      'Build tables in a datakit of the next layer; views may stand beside a source.',
    );
  }
  for (const each of tables) refuseFor(definition.source, each, invalid);
  const names = tables.map((table) => tableName(table.entity));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw invalid(`has two tables named "${twice}".`, 'Give one of the entities another tableName, or list it once.');
  }
  const dotted = names.find((name) => name.includes('.'));
  if (dotted !== undefined) {
    // The ORM takes what is before the dot for a schema, and the table would lose it.
    throw new DatakitError({
      code: 'IDENTIFIER',
      message: `Datakit "${definition.name}" has a table named "${dotted}", and a name of a table holds no dot.`,
      hint: 'Give the entity another tableName; the schema is the one of the datakit.',
    });
  }
  const { steps = [] } = definition;
  const unchecked = steps.findIndex((step) => step.kind !== 'sql step');
  if (unchecked >= 0) throw invalid(`has something at steps[${unchecked}] that is no step.`, 'Write sqlStep({ … }).');
  const stepTwice = steps.find((step, index) => steps.findIndex(({ name }) => name === step.name) !== index);
  if (stepTwice) {
    throw invalid(
      `has two steps named "${stepTwice.name}".`,
      'A database remembers a step by its name: give one another.',
    );
  }
  for (const modes of [definition.contract, ...tables.map(({ options }) => options.contract)]) {
    const unknown = Object.entries(modes ?? {}).find(([, mode]) => !contractModes.includes(mode));
    if (!unknown) continue;
    throw invalid(`has a contract with ${unknown[0]}: "${unknown[1]}".`, `Use one of: ${contractModes.join(', ')}.`);
  }
  // The schema is also a prefix and a part of names in the bookkeeping, whose own schema starts with an underscore.
  const schema = definition.schema ?? definition.name.replaceAll('-', '_');
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(schema)) {
    throw invalid(
      `has the schema "${schema}", which cannot be used.`,
      'Use letters, digits and underscores, beginning with a letter.',
    );
  }
  const datakit = Object.freeze({
    kind: 'datakit' as const,
    name: definition.name,
    layer: definition.layer,
    schema,
    source: definition.source,
    contract: definition.contract ?? {},
    readers: [...new Set(definition.readers ?? [])],
    tables,
    steps,
  });
  for (const { entity } of tables) datakitsOf.set(entity, (datakitsOf.get(entity) ?? new Map()).set(schema, datakit));
  return datakit;
}

/** What a table asks of its source, and a source of that kind cannot do. */
function refuseFor(
  source: DatakitDefinition['source'],
  { entity, options }: TableDefinition,
  invalid: (message: string, hint: string) => DatakitError,
): void {
  const { load, source: { query, table, files } = {} } = options;
  const name = tableName(entity);
  if (source?.kind === 'files' && load?.cursor) {
    throw invalid(
      `has a cursor for "${name}", and reads it from files.`,
      'Leave the cursor out: an incremental load of files reads those that were not loaded yet.',
    );
  }
  if (query === undefined) return;
  if (!source || source.kind === 'files' || source.kind === 'custom') {
    throw invalid(
      `has a query for "${name}", and its source is no database.`,
      'Queries are read from PostgreSQL, MySQL, MariaDB and SQLite.',
    );
  }
  if (table !== undefined || files !== undefined) {
    throw invalid(`reads "${name}" from a query and from something else.`, 'Say source: { query } alone.');
  }
  if (!/\S/.test(query) || /;\s*$/.test(query)) {
    throw invalid(
      `has a query for "${name}" that cannot be used.`,
      'Write one select, without a semicolon at its end.',
    );
  }
}

/** The datakits that list an entity, by schema: a query names its tables by them. */
const datakitsOf = new WeakMap<AnyEntity, Map<string, Datakit>>();

/**
 * Whose an entity is: that of the datakit which reads it, where it lists the entity itself, else the one that does.
 * Undefined where none or several do.
 */
export function ownerOf(entity: AnyEntity, reader?: Datakit): Datakit | undefined {
  if (reader?.tables.some((table) => table.entity === entity)) return reader;
  const [owner, ...others] = datakitsOf.get(entity)?.values() ?? [];
  return others.length === 0 ? owner : undefined;
}

/** The schemas of all datakits that list an entity. */
export function schemasOf(entity: AnyEntity): readonly string[] {
  return [...(datakitsOf.get(entity)?.keys() ?? [])];
}

/** The table's name as the entity declares it, without schema or prefix. */
export function tableName(entity: AnyEntity): string {
  const { meta } = entity as EntitySchema;
  return meta.tableName ?? meta.name ?? meta.className;
}

function isEntity(value: unknown): value is AnyEntity {
  return typeof value === 'object' && value !== null && 'meta' in value && 'properties' in (value as EntitySchema).meta;
}

/** Tells a datakit from whatever else a module may export. */
export function isDatakit(value: unknown): value is Datakit {
  return typeof value === 'object' && value !== null && (value as Datakit).kind === 'datakit';
}
