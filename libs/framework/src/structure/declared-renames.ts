import type { Engine } from '../engines/engine.ts';
import type { TableName } from '../engines/table-structure.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { nearestName } from '../errors/nearest-name.ts';
import type { Datakit } from '../model/datakit.ts';
import { historySuffix } from './expected-history.ts';
import { physicalName } from '../engines/physical-name.ts';
import type { ExpectedTable } from './expected-tables.ts';

/** A table that was called otherwise before, or some of its columns. */
export interface DeclaredRename {
  /** Undefined where only columns have new names. */
  readonly from: TableName | undefined;
  readonly to: TableName;
  readonly columns: readonly { readonly from: string; readonly to: string }[];
}

/**
 * The renames that a datakit declares; a history goes with its table.
 * @throws DATAKIT_INVALID for a name that is still declared, or a column that the entity does not have
 */
export function declaredRenames(
  expected: readonly ExpectedTable[],
  datakit: Datakit,
  engine: Engine,
): DeclaredRename[] {
  return expected.flatMap((table): DeclaredRename[] => {
    const { renamedFrom } = table.definition.options;
    const columns = columnRenames(table);
    if (renamedFrom === undefined && columns.length === 0) return [];
    const again = expected.find(({ name }) => name === renamedFrom);
    if (again) throw stillDeclared(`table "${table.name}"`, again.name);
    const from = renamedFrom === undefined ? undefined : physicalName(datakit, renamedFrom, engine);
    const own = { from, to: table.structure.table, columns };
    if (!table.history) return [own];
    const kept = new Set(table.history.columns.map(({ name }) => name));
    const history = {
      from: from && { ...from, name: `${from.name}${historySuffix}` },
      to: table.history.table,
      columns: columns.filter(({ to }) => kept.has(to)),
    };
    return [history, own];
  });
}

function columnRenames({ name, definition, columns }: ExpectedTable): { from: string; to: string }[] {
  const names = columns.map((column) => column.name);
  return Object.entries(definition.options.columns ?? {}).flatMap(([to, options]) => {
    if (!names.includes(to)) {
      const nearest = nearestName(to, names);
      throw new DatakitError({
        code: 'DATAKIT_INVALID',
        message: `The table "${name}" has no column "${to}", for which it has options.`,
        hint: nearest === undefined ? `It has: ${names.join(', ')}.` : `Did you mean "${nearest}"?`,
      });
    }
    const from = options?.renamedFrom;
    if (from === undefined) return [];
    if (names.includes(from)) throw stillDeclared(`column "${name}.${to}"`, from);
    return [{ from, to }];
  });
}

function stillDeclared(what: string, name: string): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `The ${what} says that it was renamed from "${name}", which is still declared.`,
    hint: 'Remove "renamedFrom" when the rename is deployed everywhere, or give the other one another name.',
  });
}
