import type { EntityColumn } from '../engines/entity-metadata.ts';
import type { AnyEntity } from '../model/entity.ts';
import { chance, wholeBetween } from './chance.ts';
import type { AnyRow, GivenRows } from './given-rows.ts';
import { tableShape, type TableShape } from './table-shape.ts';
import { validValue } from './valid-value.ts';

/** How the columns that a test does not give are made up. */
export interface Completion {
  readonly seed: number;
  /** `first`: relations point to the first row of their parent, what may be null is null. `any`: anything valid. */
  readonly choice: 'first' | 'any';
}

/** All rows of one table. */
export interface CompleteTable {
  readonly shape: TableShape;
  /** The columns that the rows have: the others are the database's own. */
  readonly columns: readonly EntityColumn[];
  readonly rows: readonly AnyRow[];
}

/** Makes whole rows of those that have only the columns that matter, and relations that lead somewhere. */
export function completeRows(given: readonly GivenRows[], completion: Completion): CompleteTable[] {
  const tables = new Map<AnyEntity, { shape: TableShape; rows: AnyRow[]; made: Map<string, unknown>[] }>();
  for (const { entity, rows } of given) {
    const table = tables.get(entity) ?? { shape: tableShape(entity), rows: [], made: [] };
    tables.set(entity, table);
    table.rows.push(...rows);
    table.made.push(...rows.map(() => new Map<string, unknown>()));
  }

  const valueOf = (entity: AnyEntity, row: number, name: string): unknown => {
    const table = tables.get(entity)!;
    const own = table.rows[row]!;
    if (own[name] !== undefined) return own[name];
    const made = table.made[row]!;
    if (!made.has(name)) {
      // Tables whose keys lead in a circle end here.
      made.set(name, null);
      made.set(name, makeUp(table.shape, row, name));
    }
    return made.get(name);
  };

  const makeUp = (shape: TableShape, row: number, name: string): unknown => {
    const column = shape.columns.find((each) => each.name === name)!;
    const { seed, choice } = completion;
    const relation = shape.relations.find(({ columns }) => columns.includes(name));
    if (column.nullable && (choice === 'first' || chance(seed, shape.name, 'null', name, row) < 0.2)) return null;
    const parents = relation ? (tables.get(relation.parent)?.rows.length ?? 0) : 0;
    if (!relation || parents === 0) {
      return relation && column.nullable ? null : validValue(column, shape, row, seed);
    }
    const parentColumn = relation.parentColumns[relation.columns.indexOf(name)]!;
    return valueOf(relation.parent, parentRow(shape, relation.columns, row, parents), parentColumn);
  };

  /** Keys that are made of relations count through all pairs, so that no two rows have the same. */
  const parentRow = (shape: TableShape, columns: readonly string[], row: number, parents: number): number => {
    const inKey = shape.relations.filter((each) => each.columns.every((name) => shape.primaryKey.includes(name)));
    const place = inKey.findIndex((each) => each.columns === columns);
    const keyIsRelations = inKey.flatMap((each) => each.columns).length === shape.primaryKey.length;
    if (place >= 0 && keyIsRelations) {
      const before = inKey.slice(0, place).reduce((all, each) => all * (tables.get(each.parent)?.rows.length || 1), 1);
      return Math.floor(row / before) % parents;
    }
    if (columns.every((name) => shape.unique.has(name))) return row % parents;
    if (completion.choice === 'first') return 0;
    return wholeBetween(0, parents - 1, completion.seed, shape.name, columns.join(), row);
  };

  return [...tables.values()].map(({ shape, rows }) => {
    const columns = shape.columns.filter(
      (column) => needsValue(column, shape) || rows.some((row) => row[column.name] !== undefined),
    );
    const whole = rows.map((_, row) =>
      Object.fromEntries(columns.map(({ name }) => [name, valueOf(shape.entity, row, name)])),
    );
    return { shape, columns, rows: whole };
  });
}

function needsValue(column: EntityColumn, { primaryKey }: TableShape): boolean {
  return primaryKey.includes(column.name) || (column.default === null && column.maintained === undefined);
}
