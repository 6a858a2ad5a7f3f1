import type { TableDescription } from '../engines/table-description.ts';
import { bronzeMetadataColumns } from '../model/bronze-metadata.ts';
import { entityFileName, entityName, UniqueNames } from './names.ts';

/** What code calls a table and its columns. */
export interface TableNames {
  readonly className: string;
  readonly fileName: string;
  readonly tableName: string;
  /** By the name of the source's column. */
  readonly columns: ReadonlyMap<string, ColumnNames>;
}

/** What a column of the source is called with us. */
export interface ColumnNames {
  /** In a database. */
  readonly column: string;
  /** In code; the same wherever that can be. */
  readonly property: string;
}

/**
 * Names letter for letter, and where that cannot be, the nearest that can: a dot in a table's name, two names that differ
 * only in case, a column that is called like one of the metadata.
 */
export function nameTables(tables: readonly TableDescription[]): ReadonlyMap<string, TableNames> {
  const [classes, files, names] = [new UniqueNames(''), new UniqueNames('-'), new UniqueNames('_')];
  return new Map(
    tables.map(({ name, columns }) => [
      name,
      {
        className: classes.take(entityName(name)),
        fileName: files.take(entityFileName(name)),
        tableName: names.take(name.replaceAll('.', '_')),
        columns: nameColumns(columns.map((column) => column.name)),
      },
    ]),
  );
}

function nameColumns(columns: readonly string[]): ReadonlyMap<string, ColumnNames> {
  const [ours, properties] = [new UniqueNames('_'), new UniqueNames('_')];
  return new Map(
    columns.map((name) => {
      const column = ours.take(metadata.includes(name.toLowerCase()) ? `source_${name}` : name);
      return [name, { column, property: properties.take(propertyName(column)) }];
    }),
  );
}

const metadata: readonly string[] = bronzeMetadataColumns;

/** Every object has something of these names: the ORM refuses them, or takes it for the property's default. */
export function propertyName(column: string): string {
  return column in Object.prototype || column === 'prototype' ? `${column.replaceAll(/^_+|_+$/g, '')}_` : column;
}
