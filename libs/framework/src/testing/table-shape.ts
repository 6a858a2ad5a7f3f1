import type { EntityColumn } from '../engines/entity-metadata.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { ownerOf, tableName, type Datakit } from '../model/datakit.ts';
import type { AnyEntity } from '../model/entity.ts';
import type { Expectation } from '../model/expectation.ts';
import { discoveredEntities } from '../structure/expected-tables.ts';

/** Columns of a table that hold the key of another one. */
export interface Relation {
  readonly columns: readonly string[];
  readonly parent: AnyEntity;
  readonly parentColumns: readonly string[];
}

/** What rows of a table have to be. */
export interface TableShape {
  readonly entity: AnyEntity;
  readonly owner: Datakit;
  readonly name: string;
  readonly columns: readonly EntityColumn[];
  readonly primaryKey: readonly string[];
  readonly relations: readonly Relation[];
  /** Columns that are unique alone. */
  readonly unique: ReadonlySet<string>;
  readonly expectations: readonly Expectation[];
}

/** @throws DATAKIT_INVALID for an entity that no datakit has, or several */
export function tableShape(entity: AnyEntity): TableShape {
  const owner = ownerOf(entity);
  const index = owner?.tables.findIndex((table) => table.entity === entity) ?? -1;
  const table = owner && discoveredEntities(owner)[index];
  if (!owner || !table) {
    throw new DatakitError({
      code: 'DATAKIT_INVALID',
      message: `Rows of "${tableName(entity)}" cannot be made: it is not clear which datakit has that table.`,
      hint: 'List its entity in the "tables" of exactly one datakit, and import that one in the test.',
    });
  }
  const expectations = owner.tables[index]?.options.expect ?? [];
  const columnsOf = (names: readonly string[]): string[] =>
    names.flatMap((name) => table.columnsOfProperty.get(name) ?? [name]);
  const unique = [
    ...(table.primaryKey.length === 1 ? table.primaryKey : []),
    ...table.indexes.flatMap(({ unique: is, columns }) => (is && columns.length === 1 ? columns : [])),
    ...expectations.flatMap(({ kind, columns }) =>
      kind === 'unique' && columns.length === 1 ? columnsOf(columns) : [],
    ),
  ];
  const declared = expectations.flatMap((each): Relation[] => {
    if (each.kind !== 'relationship') return [];
    return [
      {
        columns: columnsOf(each.columns),
        parent: each.parent,
        parentColumns: each.parentColumns ?? keyOf(each.parent),
      },
    ];
  });
  const enforced = table.foreignKeys.flatMap(({ columns, references }): Relation[] => {
    const parent = owner.tables.find((other) => tableName(other.entity) === references.name)?.entity;
    return parent ? [{ columns, parent, parentColumns: references.columns }] : [];
  });
  const seen = new Set<string>();
  const relations = [...enforced, ...declared].filter(({ columns }) => {
    if (columns.some((column) => seen.has(column))) return false;
    for (const column of columns) seen.add(column);
    return true;
  });
  const { name, columns, primaryKey } = table;
  return { entity, owner, name, columns, primaryKey, relations, unique: new Set(unique), expectations };
}

function keyOf(parent: AnyEntity): readonly string[] {
  const owner = ownerOf(parent);
  const index = owner?.tables.findIndex((table) => table.entity === parent) ?? -1;
  return (owner && discoveredEntities(owner)[index]?.primaryKey) ?? [];
}
