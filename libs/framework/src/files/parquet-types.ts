import type { ColumnType } from '../model/column-type.ts';
import type { WireColumn } from '../model/wire-format.ts';
import { duckDbIdentifier, duckDbLiteral } from './duckdb.ts';

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
export function parquetColumn({ name, type, lossy }: WireColumn): ParquetColumn {
  const column = duckDbIdentifier(name);
  const wanted = duckDbType(type);
  if (type.kind === 'bytea') return { csvType: 'VARCHAR', expression: `unhex(${column})` };
  if (type.kind === 'array') {
    const list = listOf(column, type.of);
    return { csvType: 'VARCHAR', expression: lossy ? `try(${list})` : list };
  }
  if (lossy && wanted !== 'VARCHAR') return { csvType: 'VARCHAR', expression: `try_cast(${column} as ${wanted})` };
  return { csvType: wanted, expression: column };
}

/** The elements come as texts in a JSON array, so that no reader rounds them. Lists of lists are not of the declared type. */
function listOf(column: string, of: ColumnType): string {
  const json = `${column}::JSON`;
  // In the words of the reader's own errors, so that the message can name the column.
  const refusal = `error(${duckDbLiteral(`Error when converting column ${column}. Could not make a list of lists`)})`;
  const texts = `case when json_type(${json}, '$[0]') = 'ARRAY' then ${refusal} else from_json(${json}, '["VARCHAR"]') end`;
  switch (of.kind) {
    case 'bytea':
      return `list_transform(${texts}, x -> unhex(x[3:]))`;
    case 'date':
      return `list_transform(${texts}, x -> replace(x, ' BC', ' (BC)'))::DATE[]`;
    default:
      return `(${texts})::${duckDbType(of)}[]`;
  }
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
      return decimal(type.precision, type.scale);
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

/** PostgreSQL also takes a scale below zero or above the precision. */
function decimal(precision = Infinity, scale = 0): string {
  const fits = precision <= longestDecimal && scale >= 0 && scale <= precision;
  return fits ? `DECIMAL(${precision},${scale})` : 'VARCHAR';
}
