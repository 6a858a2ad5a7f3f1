/**
 * With `metadata-driver.ts` the one module that uses MikroORM's internals: it lets the ORM discover what entities mean (relations, embedded
 * properties, inherited columns, decorators) and hands it on in our own words. No connection is ever made here.
 * `entity-metadata.spec.ts` is the contract test to run after every upgrade of MikroORM.
 */
import {
  EntityCaseNamingStrategy,
  isRaw,
  MikroORM,
  ReferenceKind,
  type EntityMetadata,
  type EntityProperty,
} from '@mikro-orm/core';
import { DatakitError } from '../errors/datakit-error.ts';
import { parseColumnType, type ColumnType } from '../model/column-type.ts';
import type { AnyEntity } from '../model/entity.ts';
import { roleOf, type MaintainedRole } from '../model/maintained-columns.ts';
import { MetadataDriver, metadataPlatform } from './metadata-driver.ts';
import { refuseInherited } from './refuse-inherited.ts';

/** One column as an entity declares it. */
export interface EntityColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** SQL expression. */
  readonly default: string | null;
  readonly autoincrement: boolean;
  /** Allowed values of an enum of texts. */
  readonly values: readonly string[] | undefined;
  /** What the database itself writes into it. */
  readonly maintained: MaintainedRole | undefined;
}

/** One table as an entity declares it, before an engine gives it its types and names. */
export interface EntityTable {
  readonly name: string;
  readonly columns: readonly EntityColumn[];
  /** Column names by the name of their property, which most share. */
  readonly columnsOfProperty: ReadonlyMap<string, readonly string[]>;
  readonly primaryKey: readonly string[];
  readonly indexes: readonly {
    readonly name?: string;
    readonly columns: readonly string[];
    readonly unique: boolean;
    readonly method?: string;
  }[];
  readonly foreignKeys: readonly {
    readonly columns: readonly string[];
    readonly references: { readonly name: string; readonly columns: readonly string[] };
    readonly onDelete: string;
    readonly onUpdate: string;
  }[];
  readonly checks: readonly { readonly name?: string; readonly expression: string }[];
}

/**
 * Without the entity manager that the ORM makes at the end of its discovery: it gives every entity class the members of a
 * loaded entity, which takes as long as the discovery itself and is nothing that we use.
 */
class MetadataOrm extends MikroORM {}
// Its types call the method private, so it cannot be overridden as usual.
Object.defineProperty(MetadataOrm.prototype, 'createEntityManager', { value: () => undefined });

/** Reads what entities declare; the order is that of the list. @throws DATAKIT_INVALID for what the ORM refuses */
export function readEntities(entities: readonly AnyEntity[]): EntityTable[] {
  refuseTwins(entities.map((entity) => entity.meta.className));
  for (const { meta } of entities) refuseInherited(meta.className, Object.keys(meta.properties));
  const orders = entities.map(declaredOrder);
  let orm: MikroORM;
  try {
    orm = new MetadataOrm({
      driver: MetadataDriver as never,
      dbName: 'metadata',
      entities: [...entities],
      namingStrategy: EntityCaseNamingStrategy,
      debug: false,
    });
  } catch (error) {
    throw new DatakitError({
      code: 'DATAKIT_INVALID',
      message: `MikroORM refuses the entities: ${(error as Error).message}`,
      cause: error,
    });
  }
  const byName = new Map(
    [...orm.getMetadata().getAll().values()].map((meta) => [meta.className, meta as EntityMetadata]),
  );
  return entities.map((entity, index) =>
    readEntity(byName.get(entity.meta.className) as EntityMetadata, orders[index] as DeclaredOrder),
  );
}

/** The ORM keeps one of two entities of a name and forgets the other without a word. */
function refuseTwins(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `Two entities are named "${twice}".`,
    hint: 'Give one of them another name; its tableName can stay.',
  });
}

/** Properties of an index that change what it means. */
const unsupportedInIndexes = ['expression', 'where', 'include', 'columns'] as const;

/** What would be left out without a word is refused instead. */
function refuseUnsupported(meta: EntityMetadata): void {
  const generated = meta.props.find((property) => property.generated !== undefined);
  const inIndex = [...meta.indexes, ...meta.uniques]
    .flatMap((index) => unsupportedInIndexes.filter((name) => (index as Record<string, unknown>)[name] !== undefined))
    .at(0);
  if (!generated && !inIndex) return;
  throw new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `${meta.className} has ${generated ? `the generated column "${generated.name}"` : `an index with "${inIndex}"`}, which deployments cannot make yet.`,
    hint: 'Leave it out of the entity, or make it by hand after the deployment; it stays.',
  });
}

function readEntity(meta: EntityMetadata, declared: DeclaredOrder): EntityTable {
  refuseUnsupported(meta);
  const properties = inDeclaredOrder(meta.props.filter(isColumn), declared.properties);
  const columnsOf = (names: string | readonly string[] | undefined): string[] =>
    [names ?? []].flat().flatMap((name) => meta.properties[name]?.fieldNames ?? [name]);
  return {
    name: meta.tableName,
    columns: properties.flatMap(readColumns),
    columnsOfProperty: new Map(properties.map((property) => [property.name, property.fieldNames])),
    primaryKey: columnsOf(declared.primaryKeys.length > 0 ? declared.primaryKeys : meta.primaryKeys),
    indexes: [
      ...properties.flatMap((property) => propertyIndexes(property)),
      ...meta.indexes.map((index) => ({
        ...namedIndex(index),
        columns: columnsOf(index.properties as string[]),
        unique: false,
      })),
      ...meta.uniques.map((unique) => ({
        ...namedIndex(unique),
        columns: columnsOf(unique.properties as string[]),
        unique: true,
      })),
    ],
    foreignKeys: properties.filter(isForeignKey).map((property) => ({
      columns: property.fieldNames,
      references: {
        name: property.targetMeta?.tableName ?? property.referencedTableName,
        columns: property.referencedColumnNames,
      },
      onDelete: (property.deleteRule ?? (property.nullable ? 'set null' : 'no action')).toLowerCase(),
      onUpdate: (property.updateRule ?? 'cascade').toLowerCase(),
    })),
    checks: meta.checks.map((check) => ({
      ...(check.name ? { name: check.name } : {}),
      expression: isRaw(check.expression)
        ? metadataPlatform.formatQuery(check.expression.sql, check.expression.params)
        : String(check.expression),
    })),
  };
}

/** In which order an entity names its properties and its keys. */
interface DeclaredOrder {
  readonly properties: readonly string[];
  readonly primaryKeys: readonly string[];
}

/** Discovery overwrites the order in the entity itself, so it is kept from the first time that we see one. */
const declaredOrders = new WeakMap<AnyEntity, DeclaredOrder>();

function declaredOrder(entity: AnyEntity): DeclaredOrder {
  const known = declaredOrders.get(entity);
  if (known) return known;
  const { properties, primaryKeys } = entity.meta;
  const order = {
    properties: Object.keys(properties),
    primaryKeys: [...((primaryKeys as string[] | undefined) ?? [])],
  };
  declaredOrders.set(entity, order);
  return order;
}

/** The ORM puts keys first; tables keep the order of the entity. What the ORM derived (embedded columns) comes last. */
function inDeclaredOrder(properties: readonly EntityProperty[], declared: readonly string[]): EntityProperty[] {
  const place = ({ name }: EntityProperty): number => {
    const index = declared.indexOf(name);
    return index === -1 ? declared.length : index;
  };
  return properties.toSorted((a, b) => place(a) - place(b));
}

function readColumns(property: EntityProperty): EntityColumn[] {
  return property.fieldNames.map((name, index) => ({
    name,
    type: parseColumnType(property.columnTypes?.[index] ?? 'text'),
    nullable: property.nullable ?? false,
    default: defaultExpression(property),
    autoincrement: property.autoincrement ?? false,
    values:
      property.enum && property.items?.every((item) => typeof item === 'string')
        ? (property.items as string[])
        : undefined,
    maintained: roleOf(property),
  }));
}

/** The other side of a relation has field names, too, but no column. */
function isColumn(property: EntityProperty): boolean {
  return property.persist !== false && (property.fieldNames?.length ?? 0) > 0 && property.mappedBy === undefined;
}

/** The ORM's own `defaultRaw` leaves quotes in a text as they are and makes `[object Object]` of an object. */
function defaultExpression(property: EntityProperty): string | null {
  const value: unknown = property.default;
  const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value) && value.length === 0 && property.columnTypes?.[0]?.endsWith('[]')) return "'{}'";
  if (typeof value === 'object' && value !== null && !isRaw(value)) {
    throw new DatakitError({
      code: 'DATAKIT_INVALID',
      message: `The default of "${property.name}" cannot be written in SQL.`,
      hint: 'Write it as an expression: .defaultRaw("…").',
    });
  }
  return property.defaultRaw ?? null;
}

function propertyIndexes(property: EntityProperty): { name?: string; columns: string[]; unique: boolean }[] {
  const named = (value: string | boolean): { name?: string } => (typeof value === 'string' ? { name: value } : {});
  return [
    ...(property.index ? [{ ...named(property.index), columns: property.fieldNames, unique: false }] : []),
    ...(property.unique && !property.primary
      ? [{ ...named(property.unique), columns: property.fieldNames, unique: true }]
      : []),
  ];
}

function namedIndex(index: { name?: string; type?: string }): { name?: string; method?: string } {
  return { ...(index.name ? { name: index.name } : {}), ...(index.type ? { method: index.type } : {}) };
}

function isForeignKey(property: EntityProperty): boolean {
  const isReference =
    property.kind === ReferenceKind.MANY_TO_ONE || (property.kind === ReferenceKind.ONE_TO_ONE && property.owner);
  return isReference && property.createForeignKeyConstraint !== false;
}
