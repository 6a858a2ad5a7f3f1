import { compileConditions } from '../engines/compile-conditions.ts';
import { readEntities } from '../engines/entity-metadata.ts';
import { physicalName } from '../engines/physical-name.ts';
import { ledgerTableName } from '../ledger/ledger-tables.ts';
import { ownerOf, schemasOf } from '../model/datakit.ts';
import type { CheckContext, CheckParts } from './check-context.ts';

/** Counts both ends of the way from an input to a table. */
export function reconcilesCheck(context: CheckContext<'reconciles'>): CheckParts {
  const { table, expectation, engine, invalid } = context;
  const { build } = table.definition.options;
  if (build?.kind === 'incremental') {
    throw invalid(
      'is about a table that is built incrementally',
      'Rows that are gone from its input stay there: use relationship().',
    );
  }
  const reader = schemasOf(table.definition.entity).length === 1 ? ownerOf(table.definition.entity) : undefined;
  const owner = ownerOf(expectation.input, reader);
  if (!owner || !reader) throw invalid('names an input that no datakit has, or several');
  const [entity] = readEntities([expectation.input]);
  const input = physicalName(owner, entity!.name, engine);
  const quoted = engine.quoteTable(input);
  const judged = { name: table.name, columns: entity!.columns, inputs: new Map<string, never>() };
  const leftOut = compileConditions(expectation.leavesOut, judged, engine).map(({ sql }) => sql);
  const text = (value: string): string => engine.queryDialect.text(value);
  const loads = engine.quoteTable(ledgerTableName('loads', engine));
  const counts = {
    rows_in: `select count(*) from ${quoted}`,
    rows_out: `select count(*) from ${engine.quoteTable(table.structure.table)}`,
    rows_left_out:
      leftOut.length === 0
        ? '0'
        : `select count(*) from ${quoted} as ${engine.quote('row')} where ${leftOut.join(' or ')}`,
    // Of the table's last load: an earlier one set aside other rows, or the same ones.
    rows_aside: `coalesce((select rows_quarantined from ${loads} where datakit = ${text(reader.name)} and table_name = ${text(table.name)} order by load_id desc limit 1), 0)`,
  };
  const columns = Object.entries(counts).map(([name, count]) => `(${count}) as ${name}`);
  const shown = (count: unknown): string => Number(count).toLocaleString('en');
  return {
    problem: 'rows lost or doubled',
    expected: `every row of ${owner.name}.${entity!.name}`,
    needs: [
      { table: table.structure.table, columns: [] },
      { table: input, columns: [] },
    ],
    way: {
      by: 'statement',
      countQuery: `select flow.*, abs(rows_in - rows_out - rows_left_out - rows_aside) as failed from (select ${columns.join(', ')}) as flow`,
      rowsQuery: (selected) => `select ${selected} from ${quoted} where 1 = 0`,
      shown: 'none',
      found: (row) =>
        `${shown(row['rows_in'])} rows in, ${shown(row['rows_out'])} out, ${shown(row['rows_left_out'])} left out, ${shown(row['rows_aside'])} in quarantine`,
      isGuaranteed: false,
    },
  };
}
