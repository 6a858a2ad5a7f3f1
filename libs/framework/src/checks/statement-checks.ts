import { readEntities } from '../engines/entity-metadata.ts';
import { physicalName } from '../engines/physical-name.ts';
import type { ColumnType } from '../model/column-type.ts';
import { schemasOf } from '../model/datakit.ts';
import { columnsOf, findColumns } from './checked-columns.ts';
import type { CheckedTable } from './checked-table.ts';
import { whereOf, type CheckContext, type CheckParts } from './check-context.ts';

/** Types of which two different texts can be one value, so that a key of texts guarantees nothing. */
const withSeveralTexts: readonly string[] = ['numeric', 'json', 'named'];

export function uniqueCheck(context: CheckContext<'unique'>): CheckParts {
  const { table, engine, expectation } = context;
  const columns = columnsOf(context);
  if (columns.length === 0) throw context.invalid('names no column');
  const name = engine.quoteTable(table.structure.table);
  const keys = columns.map(({ quoted, type }) => engine.valueConditions.key(quoted, type));
  const looked = [...columns.map(({ quoted }) => `${quoted} is not null`), whereOf(expectation.where)].join(' and ');
  const doubled = (selected: string): string =>
    `select ${selected} from ${name} where ${looked} group by ${keys.join(', ')} having count(*) > 1`;
  const joined = columns.map(
    ({ quoted, type }, index) =>
      `${engine.valueConditions.key(`checked.${quoted}`, type)} = doubled.datakit_key_${index}`,
  );
  const { primaryKey } = table.structure;
  return {
    problem: 'duplicate',
    expected: columns.length === 1 ? 'unique' : `unique ${columns.map((column) => column.name).join(', ')}`,
    way: {
      by: 'statement',
      countQuery: `select coalesce(sum(doubled.datakit_rows), 0) as failed from (${doubled('count(*) as datakit_rows')}) as doubled`,
      rowsQuery: (selected) =>
        `select ${selected} from ${name} as checked
         join (${doubled(keys.map((key, index) => `${key} as datakit_key_${index}`).join(', '))}) as doubled on ${joined.join(' and ')}
         where ${whereOf(expectation.where)}`,
      shown: 'key',
      isGuaranteed:
        primaryKey.length > 0 &&
        primaryKey.every((key) =>
          columns.some((column) => column.name === key && !withSeveralTexts.includes(column.type.kind)),
        ),
    },
  };
}

export function relationshipCheck(context: CheckContext<'relationship'>): CheckParts {
  const { table, engine, expectation, invalid } = context;
  const parent = parentOf(context);
  const columns = columnsOf(context);
  const parents = findColumns(parent, expectation.parentColumns ?? parent.structure.primaryKey, engine);
  if (columns.length === 0 || columns.length !== parents.length) {
    throw invalid(
      `has ${columns.length} columns for the ${parents.length} of "${parent.name}"`,
      'Name the parent’s columns with "to".',
    );
  }
  const { key } = engine.valueConditions;
  const pairs = columns.map((column, index) => {
    const other = parents[index]!;
    if (family(column.type) !== family(other.type)) {
      throw invalid(`compares "${column.name}" with "${parent.name}.${other.name}", which is of another type`);
    }
    return `${key(`parent.${other.quoted}`, other.type)} = ${key(`checked.${column.quoted}`, column.type)}`;
  });
  const rowsQuery = (selected: string): string =>
    `select ${selected} from ${engine.quoteTable(table.structure.table)} as checked
     where ${columns.map(({ quoted }) => `checked.${quoted} is not null`).join(' and ')} and ${whereOf(expectation.where)}
       and not exists (select 1 from ${engine.quoteTable(parent.structure.table)} as parent where ${pairs.join(' and ')})`;
  return {
    problem: 'no parent',
    expected: `a row in ${parent.name}`,
    needs: [
      { table: table.structure.table, columns: columns.map(({ name }) => name) },
      { table: parent.structure.table, columns: parents.map(({ name }) => name) },
    ],
    way: { by: 'statement', countQuery: rowsQuery('count(*) as failed'), rowsQuery, shown: 'key', isGuaranteed: false },
  };
}

/** The table of the datakit itself, or that of another one, in the schema that was named. */
function parentOf({ expectation, tables, engine, invalid }: CheckContext<'relationship'>): CheckedTable {
  const { parent } = expectation;
  const own = tables.find((table) => table.definition.entity === parent);
  if (own && expectation.schema === undefined) return own;
  const [schema = expectation.schema, another] = expectation.schema === undefined ? schemasOf(parent) : [];
  if (schema === undefined || another !== undefined) {
    throw invalid('names a parent that no datakit has, or several', 'Name its schema: { schema: "bronze_shop" }.');
  }
  const [entity] = readEntities([parent]);
  return {
    ...entity!,
    definition: { kind: 'table', entity: parent, options: {} },
    structure: { table: physicalName({ schema }, entity!.name, engine), primaryKey: entity!.primaryKey },
  };
}

const families: Readonly<Record<string, string>> = {
  smallint: 'number',
  integer: 'number',
  bigint: 'number',
  numeric: 'number',
  real: 'number',
  double: 'number',
  varchar: 'text',
  char: 'text',
};

function family({ kind }: ColumnType): string {
  return families[kind] ?? kind;
}

export function sqlCheck({ expectation, table, tables, engine, invalid }: CheckContext<'sql'>): CheckParts {
  const named = [table];
  const statement = expectation.statement.replaceAll(/\$\{([^}]*)\}/g, (all, inside: string) => {
    if (inside === 'table') return engine.quoteTable(table.structure.table);
    const other = tables.find(({ name }) => inside === `table:${name}`);
    if (!other) throw invalid(`has ${all}`, 'Write ${table}, or ${table:name} for another table of the datakit.');
    named.push(other);
    return engine.quoteTable(other.structure.table);
  });
  // In a subquery it can only read, whatever it is.
  const returned = `(\n${statement.replace(/[\s;]+$/, '')}\n) as returned`;
  if (statement.trim() === '') throw invalid('has no statement');
  return {
    object: table.name,
    problem: 'rows returned',
    expected: expectation.name ?? 'no row',
    needs: named.map((each) => ({ table: each.structure.table, columns: [] })),
    way: {
      by: 'statement',
      countQuery: `select count(*) as failed from ${returned}`,
      rowsQuery: (selected) => `select ${selected} from ${returned}`,
      shown: 'all',
      isGuaranteed: false,
    },
  };
}
