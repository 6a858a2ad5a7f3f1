import type { ColumnType } from '../model/column-type.ts';
import { duckDbIdentifier } from './duckdb.ts';

/** How one column goes from csv to Parquet. */
export interface ParquetColumn {
  /** The type in which the csv reader takes the field. */
  readonly csvType: string;
  /** The expression that makes the value. */
  readonly expression: string;
}

/** DuckDB's decimals end at 38 digits; longer ones, and those without a limit, keep all digits as text. */
const longestDecimal = 38;

/** Says how a column is kept in Parquet; every value keeps all its digits. */
export function parquetColumn(name: string, type: ColumnType): ParquetColumn {
  const column = duckDbIdentifier(name);
  if (type.kind === 'bytea') return { csvType: 'VARCHAR', expression: `unhex(${column})` };
  if (type.kind === 'array') {
    return { csvType: 'VARCHAR', expression: `from_json(${column}::JSON, '${jsonStructure(type)}')` };
  }
  return { csvType: duckDbType(type), expression: column };
}

function jsonStructure(type: ColumnType): string {
  return type.kind === 'array' ? `[${jsonStructure(type.of)}]` : `"${duckDbType(type)}"`;
}

function duckDbType(type: ColumnType): string {
  switch (type.kind) {
    case 'boolean':
      return 'BOOLEAN';
    case 'smallint':
      return 'SMALLINT';
    case 'integer':
      return 'INTEGER';
    case 'bigint':
      return 'BIGINT';
    case 'real':
      return 'FLOAT';
    case 'double':
      return 'DOUBLE';
    case 'numeric':
      return type.precision === undefined || type.precision > longestDecimal
        ? 'VARCHAR'
        : `DECIMAL(${type.precision},${type.scale ?? 0})`;
    case 'date':
      return 'DATE';
    case 'time':
      return 'TIME';
    case 'timestamp':
      return 'TIMESTAMP';
    case 'timestamptz':
      return 'TIMESTAMP WITH TIME ZONE';
    case 'uuid':
      return 'UUID';
    case 'json':
    case 'jsonb':
      return 'JSON';
    default:
      return 'VARCHAR';
  }
}
