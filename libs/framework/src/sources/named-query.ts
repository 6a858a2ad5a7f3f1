import { DatakitError } from '../errors/datakit-error.ts';
import type { SourceTable } from './source-connector.ts';

/** A query of a source, with what messages call it. */
export interface NamedQuery {
  readonly name: string;
  readonly query: string;
  /** Where it is asked. */
  readonly source: string;
}

/** Columns are read by their names. @throws CONTRACT where a query gives two of one name */
export function refuseTwins<Table extends SourceTable>(table: Table): Table {
  const names = table.columns.map(({ name }) => name);
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin === undefined) return table;
  throw new DatakitError({
    code: 'CONTRACT',
    message: `The query of ${table.name} gives two columns named ${twin}; nothing was loaded.`,
    hint: 'Give one of them another name: select a.id, b.id as b_id.',
    details: { table: table.name, column: twin },
  });
}
