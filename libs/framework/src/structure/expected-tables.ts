import type { Engine } from '../engines/engine.ts';
import { readEntities, type EntityTable } from '../engines/entity-metadata.ts';
import { physicalName } from '../engines/physical-name.ts';
import type { TableName, TableStructure } from '../engines/table-structure.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import { isView } from '../model/build.ts';
import type { ColumnType } from '../model/column-type.ts';
import type { Datakit } from '../model/datakit.ts';
import type { MaintainedRole } from '../model/maintained-columns.ts';
import type { TableDefinition } from '../model/table.ts';
import { withWhatIsKept } from './expected-triggers.ts';
import { expectedLoad, type ExpectedLoad } from './expected-load.ts';
import { namedCheck, shortenedName } from './made-names.ts';
import { oncePerEngine } from './once-per-engine.ts';

/** One table of a datakit as it is to be on one engine, with what a load must know of it. */
export interface ExpectedTable {
  readonly definition: TableDefinition;
  /** The entity's own table name, as people know it. */
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType; readonly nullable: boolean }[];
  /** Column names by the name of their property, which most share. */
  readonly columnsOfProperty: ReadonlyMap<string, readonly string[]>;
  readonly structure: TableStructure;
  /** The table that keeps its earlier states. */
  readonly history: TableStructure | undefined;
  /** Columns that the database fills where a load does not. */
  readonly maintained: ReadonlyMap<string, MaintainedRole>;
  /** How its rows are loaded. */
  readonly load: ExpectedLoad;
}

/** Discovery costs milliseconds per datakit and its result never changes. */
const discovered = new WeakMap<Datakit, EntityTable[]>();

/**
 * What a datakit's tables must look like on an engine.
 *
 * @throws IDENTIFIER for a name that the engine cannot hold, or two names that it would take for one
 * @throws TYPE_UNSUPPORTED for a type that the engine cannot keep
 * @throws DATAKIT_INVALID where the ORM refuses the entities
 */
export const expectedTables = oncePerEngine((datakit, engine): readonly ExpectedTable[] => {
  const tables = discoveredEntities(datakit).flatMap((discovered, index) => {
    const definition = datakit.tables[index] as TableDefinition;
    const entity = definition.options.keyless ? withoutKey(discovered) : discovered;
    refuseUnknownColumns(definition, entity);
    if (isView(definition.options.build)) return [];
    const { name, columns, columnsOfProperty } = entity;
    const structure = toStructure(datakit, entity, engine, definition.options.build !== undefined);
    const kept = withWhatIsKept(structure, entity, definition, engine);
    return { definition, name, columns, columnsOfProperty, ...kept, load: expectedLoad(definition, entity) };
  });
  refuseTwins(
    allStructures(tables).map((structure) => structure.table.name),
    'table',
  );
  refuseTakenNames(allStructures(tables));
  refuseForeignTables(tables);
  return tables;
});

/** All tables that a deployment makes, histories before the tables whose triggers write them. */
export function allStructures(tables: readonly ExpectedTable[]): TableStructure[] {
  return tables.flatMap(({ history, structure }) => (history ? [history, structure] : [structure]));
}

/** What the entities of a datakit declare, views included, in the order of its tables. */
export function discoveredEntities(datakit: Datakit): readonly EntityTable[] {
  let entities = discovered.get(datakit);
  if (!entities) discovered.set(datakit, (entities = readEntities(datakit.tables.map((table) => table.entity))));
  return entities;
}

/** A misspelt column in the options would be a wish that nobody hears. */
function refuseUnknownColumns({ options }: TableDefinition, entity: EntityTable): void {
  const known = entity.columns.map(({ name }) => name);
  const named = [...(options.lossy ?? []), ...Object.values(options.source?.columns ?? {})];
  const unknown = named.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `The options of the table "${entity.name}" name the column "${unknown}", which it does not have.`,
    hint: suggestName(unknown, known),
  });
}

/** The source has rows that repeat. @throws DATAKIT_INVALID where a history has to tell rows apart */
function withoutKey(entity: EntityTable): EntityTable {
  if (!entity.columns.some(({ maintained }) => maintained === 'effective time')) return { ...entity, primaryKey: [] };
  throw new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `The table "${entity.name}" keeps a history and is declared "keyless".`,
    hint: 'A history belongs to rows that a key tells apart: leave out one of the two.',
  });
}

/** A table by the name of its entity, also where the datakit's schema is a prefix. */
export function entityName(table: TableName, datakit: Pick<Datakit, 'schema'>, engine: Engine): string {
  return table.name.slice(physicalName(datakit, '', engine).name.length);
}

function toStructure(
  datakit: Datakit,
  entity: EntityTable,
  engine: Engine,
  isBuilt: boolean,
): Omit<TableStructure, 'triggers'> {
  const table = physicalName(datakit, entity.name, engine);
  if (table.schema !== undefined) engine.checkIdentifier(table.schema, 'schema');
  engine.checkIdentifier(table.name, 'table');
  for (const column of entity.columns) engine.checkIdentifier(column.name, `column of ${entity.name}`);
  refuseTwins(
    entity.columns.map((column) => column.name),
    `column of ${entity.name}`,
  );
  // Bronze rows bring their keys from the source, and built rows from a query: only keys that no load brings count up.
  const numbersItself = engine.supportsIdentity && datakit.layer !== 'bronze' && !isBuilt;
  // Where a datakit's schema is a prefix, names of checks can be of the whole database, as they are on MySQL.
  const owner = table.name;
  return engine.shapeTable({
    table,
    triggers: [],
    columns: entity.columns.map((column) => ({
      name: column.name,
      type: engine.columnType(column.type),
      nullable: column.nullable,
      default: column.default === null ? null : engine.columnDefault(column.default, column.type),
      identity: numbersItself && column.autoincrement,
    })),
    primaryKey: entity.primaryKey,
    indexes: entity.indexes.flatMap((index) => {
      const method = engine.indexMethod(index.method);
      if (method === undefined) return [];
      const name =
        index.name === undefined
          ? shortenedName([table.name, ...index.columns, index.unique ? 'unique' : 'index'], engine)
          : physicalName(datakit, index.name, engine).name;
      engine.checkIdentifier(name, 'index');
      return [{ name, columns: index.columns, unique: index.unique, method }];
    }),
    foreignKeys: entity.foreignKeys.map((foreignKey) => ({
      name: shortenedName([table.name, ...foreignKey.columns, 'foreign'], engine),
      columns: foreignKey.columns,
      references: {
        table: physicalName(datakit, foreignKey.references.name, engine),
        columns: foreignKey.references.columns,
      },
      onDelete: foreignKey.onDelete,
      onUpdate: foreignKey.onUpdate,
    })),
    checks: [
      ...entity.checks.map(({ name, expression }) =>
        namedCheck(
          name === undefined ? `${owner}_check` : physicalName(datakit, name, engine).name,
          expression,
          engine,
        ),
      ),
      ...entity.columns.flatMap(({ name, values }) => {
        if (values === undefined) return [];
        const list = values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ');
        return [namedCheck(`${owner}_${name}_check`, `${engine.quote(name)} in (${list})`, engine)];
      }),
    ],
  });
}

/** A foreign key needs its table in the same schema, made by the same deployment. */
function refuseForeignTables(tables: readonly ExpectedTable[]): void {
  const declared = new Set(tables.map(({ structure }) => structure.table.name));
  for (const { name, structure } of tables) {
    const outside = structure.foreignKeys.find(({ references }) => !declared.has(references.table.name));
    if (!outside) continue;
    throw new DatakitError({
      code: 'DATAKIT_INVALID',
      message: `${name}.${outside.columns.join(', ')} refers to a table that is not in the datakit's list of tables.`,
      hint: 'List its entity in "tables", or add .createForeignKeyConstraint(false) to the relation.',
    });
  }
}

/** Tables and indexes have one space of names on most engines, so a name is refused everywhere that is not free there. */
function refuseTakenNames(structures: readonly TableStructure[]): void {
  const taken = new Map(structures.map(({ table }) => [table.name.toLowerCase(), 'a table']));
  for (const { table, indexes } of structures) {
    for (const { name } of indexes) {
      const holder = taken.get(name.toLowerCase());
      taken.set(name.toLowerCase(), `an index of ${table.name}`);
      if (holder === undefined) continue;
      throw new DatakitError({
        code: 'IDENTIFIER',
        message: `The index "${name}" of ${table.name} has the name of ${holder}.`,
        hint: 'Give the index another name in the entity.',
      });
    }
  }
}

/** Names that differ only in case are two on one engine and one on another, so they are refused everywhere. */
function refuseTwins(names: readonly string[], what: string): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const twin = seen.get(name.toLowerCase());
    if (twin === name) throw thereTwice(name, what);
    if (twin !== undefined) {
      throw new DatakitError({
        code: 'IDENTIFIER',
        message: `The ${what} "${name}" and "${twin}" differ only in case.`,
        hint: 'Some engines take them for one; give one of them another name.',
      });
    }
    seen.set(name.toLowerCase(), name);
  }
}

function thereTwice(name: string, what: string): DatakitError {
  return new DatakitError({
    code: 'IDENTIFIER',
    message: `The ${what} "${name}" would be there twice: once as an entity, once as the history of another one.`,
    hint: 'Give the entity another tableName.',
  });
}
