import type { Engine } from '../engines/engine.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import type { CheckedColumn, CheckedTable } from './checked-table.ts';
import type { AnyContext } from './check-context.ts';

/** The columns that an expectation is about. @throws DATAKIT_INVALID for a name that the entity does not have */
export function columnsOf(context: AnyContext): CheckedColumn[] {
  return findColumns(context.table, context.expectation.columns, context.engine);
}

/** @throws DATAKIT_INVALID where a property has several columns or none */
export function onlyColumnOf(context: AnyContext): CheckedColumn {
  const [column, ...others] = columnsOf(context);
  if (!column || others.length > 0) throw context.invalid('is about one column, and the property has several');
  return column;
}

/** Columns by the names of their properties, which most share, or by their own. @throws DATAKIT_INVALID */
export function findColumns(table: CheckedTable, names: readonly string[], engine: Engine): CheckedColumn[] {
  const types = new Map(table.columns.map((column) => [column.name, column.type]));
  return names
    .flatMap((name) => table.columnsOfProperty.get(name) ?? [name])
    .map((name) => {
      const type = types.get(name);
      if (type) return { name, quoted: engine.quote(name), type };
      throw new DatakitError({
        code: 'DATAKIT_INVALID',
        message: `An expectation names the column "${name}", which "${table.name}" does not have.`,
        hint: suggestName(name, [...types.keys()]),
      });
    });
}
