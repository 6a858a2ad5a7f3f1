import { parseColumnType, type ColumnType } from '../../model/column-type.ts';
import type { SourceColumn } from '../source-connector.ts';

/** A column as `information_schema` shows it. */
export interface CatalogueColumn {
  readonly name: string;
  /** `int(10) unsigned`, `enum('a','b')`. */
  readonly type: string;
  /** `int`, `enum`. */
  readonly dataType: string;
  readonly nullable: boolean;
  readonly charset: string | null;
  readonly length: number | null;
  readonly digits: number | null;
  readonly scale: number | null;
  readonly fraction: number | null;
  /** MariaDB's `json` is a `longtext` whose check says so. */
  readonly isJson: boolean;
}

/** One column of a source, and what the server itself says of it. */
export interface MysqlSourceColumn extends SourceColumn {
  readonly catalogue: CatalogueColumn;
}

/** What a column holds, in the common vocabulary. */
export function sourceColumn(catalogue: CatalogueColumn): MysqlSourceColumn {
  const { name, nullable } = catalogue;
  const found = typeOf(catalogue);
  const column = { name, nullable, catalogue };
  if (found) return { ...column, ...found };
  return {
    ...column,
    type: { kind: 'named', name: catalogue.dataType },
    unreadable: `a ${catalogue.dataType} has no exact text; make a view of the table that shows it as one, for example with st_astext()`,
  };
}

type Found = Pick<SourceColumn, 'type' | 'readableAs'> | undefined;

const integers: Readonly<Record<string, readonly [signed: string, unsigned: string]>> = {
  tinyint: ['smallint', 'smallint'],
  smallint: ['smallint', 'integer'],
  mediumint: ['integer', 'integer'],
  int: ['integer', 'bigint'],
  bigint: ['bigint', 'numeric(20,0)'],
};

function typeOf(column: CatalogueColumn): Found {
  const { dataType, type, length, digits, scale, fraction } = column;
  const unsigned = / unsigned/.test(type);
  const integer = integers[dataType];
  if (integer) {
    const kind = { type: parseColumnType(integer[unsigned ? 1 : 0]) };
    // `boolean` is only another name for it; whether a value is none is seen when it is read.
    return dataType === 'tinyint' ? { ...kind, readableAs: isBoolean } : kind;
  }
  switch (dataType) {
    case 'decimal':
      return { type: { kind: 'numeric', precision: digits ?? 10, scale: scale ?? 0 } };
    case 'float':
      return { type: { kind: 'real' } };
    case 'double':
      return { type: { kind: 'double' } };
    case 'year':
      return { type: { kind: 'smallint' } };
    case 'bit':
      return {
        type: { kind: 'named', name: `bit(${digits ?? 1})` },
        ...(digits === 1 ? { readableAs: isBoolean } : {}),
      };
    case 'char':
    case 'varchar':
      return { type: { kind: 'varchar', ...(length === null ? {} : { length }) }, readableAs: isUuid };
    case 'tinytext':
    case 'text':
    case 'mediumtext':
    case 'longtext':
      return column.isJson ? { type: { kind: 'json' }, readableAs: isDocument } : { type: { kind: 'text' } };
    case 'json':
      return { type: { kind: 'jsonb' }, readableAs: isDocument };
    case 'enum':
    case 'set':
      return { type: { kind: 'text' } };
    case 'binary':
    case 'varbinary':
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
      return { type: { kind: 'bytea' } };
    case 'date':
      return { type: { kind: 'date' } };
    case 'datetime':
      return { type: withFraction('timestamp', fraction) };
    case 'timestamp':
      return { type: withFraction('timestamptz', fraction) };
    case 'time':
      // A time of day for most, though it reaches to 838 hours.
      return { type: withFraction('time', fraction), readableAs: ({ kind }) => kind === 'interval' };
    case 'uuid':
      return { type: { kind: 'uuid' }, readableAs: ({ kind }) => kind === 'text' };
    case 'inet4':
    case 'inet6':
      return { type: { kind: 'named', name: 'inet' } };
    default:
      return undefined;
  }
}

function withFraction(kind: 'time' | 'timestamp' | 'timestamptz', fraction: number | null): ColumnType {
  return fraction === 6 || fraction === null ? { kind } : { kind, precision: fraction };
}

const isBoolean = ({ kind }: ColumnType): boolean => kind === 'boolean';
const isUuid = ({ kind }: ColumnType): boolean => kind === 'uuid';

/** Documents are what PostgreSQL calls json, jsonb, and here lists, too: there are no others. */
function isDocument(type: ColumnType): boolean {
  if (type.kind === 'array') return ['text', 'varchar', 'smallint', 'integer', 'bigint'].includes(type.of.kind);
  return ['json', 'jsonb', 'text'].includes(type.kind);
}
