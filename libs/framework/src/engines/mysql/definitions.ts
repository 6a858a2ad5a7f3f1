import type { ColumnStructure, ForeignKeyStructure, IndexStructure, TableName } from '../table-structure.ts';
import { defaultClause } from './column-defaults.ts';
import type { Flavour } from './flavour.ts';
import { searchPrefix } from './key-lengths.ts';
import { quote, quoteTable } from './quote.ts';

/** What every table is made with; keys of 3072 bytes need rows of the dynamic format. */
export function createOptions(flavour: Flavour): string {
  return `engine = InnoDB row_format = dynamic default character set utf8mb4 collate ${flavour.collation}`;
}

/** @param comment one that somebody wrote by hand and that a change of the column would lose */
export function columnDefinition(column: ColumnStructure, flavour: Flavour, comment = ''): string {
  const identity = column.identity ? ' auto_increment' : '';
  const nullability = column.nullable ? ' null' : ' not null';
  return `${quote(column.name)} ${column.type}${nullability}${identity}${defaultClause(column, flavour, comment)}`;
}

/** The columns of an index; one that only finds rows takes the beginning of long texts. */
export function indexColumns(index: IndexStructure, columns: readonly ColumnStructure[]): string {
  const indexed = index.columns.flatMap((name) => columns.filter((column) => column.name === name));
  return index.columns
    .map((name) => {
      const column = indexed.find((each) => each.name === name);
      const prefix = column && !index.unique ? searchPrefix(column, indexed) : undefined;
      return `${quote(name)}${prefix === undefined ? '' : `(${prefix})`}`;
    })
    .join(', ');
}

export function columnList(columns: readonly string[]): string {
  return columns.map(quote).join(', ');
}

/** The statement that adds a relation; the server makes an index of its name where there is none for it. */
export function addForeignKey(table: TableName, foreignKey: ForeignKeyStructure): string {
  const { references } = foreignKey;
  return (
    `alter table ${quoteTable(table)} add constraint ${quote(foreignKey.name)} foreign key (${columnList(foreignKey.columns)}) ` +
    `references ${quoteTable(references.table)} (${columnList(references.columns)}) on delete ${foreignKey.onDelete} on update ${foreignKey.onUpdate}`
  );
}
