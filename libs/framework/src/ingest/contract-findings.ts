import { bronzeExtraColumn } from '../model/bronze-extra.ts';
import { formatColumnType } from '../model/column-type.ts';
import { propertyLine } from '../model/property-line.ts';
import type { ContractMode } from '../model/source-contract.ts';
import type { Finding } from '../report/run-report.ts';
import type { SourceColumn, SourceTable } from '../sources/source-connector.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';

const fates: Readonly<Record<ContractMode, string>> = {
  freeze: 'refused',
  evolve: `kept in ${bronzeExtraColumn}`,
  discard_row: 'its rows with a value go to the quarantine',
  discard_value: 'left out',
};

/** A column that the source has and nobody declared, with the line that does. */
export function undeclaredColumn(table: ExpectedTable, column: SourceColumn, mode: ContractMode): Finding {
  const line = propertyLine(column.name, column.type);
  return {
    check: 'contract',
    severity: 'warn',
    object: `${table.name}.${column.name}`,
    kind: 'column not declared',
    expected: null,
    found: `${formatColumnType(column.type)}, ${fates[mode]}; this line in its entity, and a deployment, load it: ${line}`,
  };
}

/** A table that the source has and nobody declared, with the lines that do. */
export function undeclaredTable({ name, columns }: SourceTable): Finding {
  const lines = columns.map((column) => propertyLine(column.name, column.type, column.nullable));
  return {
    check: 'contract',
    severity: 'warn',
    object: name,
    kind: 'table not declared',
    expected: null,
    found: `not read; an entity with these properties declares it: ${lines.join(' ')}`,
  };
}
