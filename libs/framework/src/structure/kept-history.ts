import type { Engine } from '../engines/engine.ts';
import type { TableStructure } from '../engines/table-structure.ts';
import { isWidening } from '../model/widening.ts';

/**
 * A declared history table beside the live one. A history keeps what it has: columns that are no longer tracked stay in
 * it, and so does a type that holds more than the tracked column does now. Other tables come back as they are.
 */
export function besideKeptStates(expected: TableStructure, live: TableStructure, engine: Engine): TableStructure {
  if (!expected.isHistory) return expected;
  const there = new Map(live.columns.map((column) => [column.name, column]));
  const declared = new Set(expected.columns.map((column) => column.name));
  return {
    ...expected,
    columns: [
      ...expected.columns.map((column) => {
        const found = there.get(column.name);
        const holdsMore = found && isWidening(engine.portableType(column.type), engine.portableType(found.type));
        return holdsMore ? { ...column, type: found.type } : column;
      }),
      ...live.columns.filter(({ name, nullable }) => nullable && !declared.has(name)),
    ],
  };
}
