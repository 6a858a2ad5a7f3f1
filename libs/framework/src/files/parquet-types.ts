import type { ColumnType } from '../model/column-type.ts';
import type { WireColumn } from '../model/wire-format.ts';
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
export function parquetColumn({ name, type, lossy }: WireColumn): ParquetColumn {
  const column = duckDbIdentifier(name);
  const wanted = duckDbType(type);
  if (type.kind === 'bytea') return { csvType: 'VARCHAR', expression: `unhex(${column})` };
  if (type.kind === 'array') return { csvType: 'VARCHAR', expression: listOf(column, type.of, lossy) };
  // The reader makes null, without a word, of an instant with a zone that it cannot read; without one it refuses it.
  const read = type.kind === 'timestamptz' ? 'TIMESTAMP' : wanted;
  const value = lossy && read !== 'VARCHAR' ? `try_cast(${column} as ${read})` : column;
  return {
    csvType: value === column ? read : 'VARCHAR',
    expression: read === wanted ? value : inUtc(value),
  };
}

/** An instant in UTC as one with a zone. The cast asks the calendar for every value, in a sixth of a conversion's time. */
function inUtc(timestamp: string): string {
  return `case when isfinite(${timestamp}) then make_timestamptz(epoch_us(${timestamp})) else ${timestamp}::TIMESTAMP WITH TIME ZONE end`;
}

/**
 * The elements come as texts in a JSON array, so that no reader rounds them. Lists of lists are not of the declared type,
 * and a list with bounds of its own does not come as JSON.
 */
function listOf(column: string, of: ColumnType, lossy = false): string {
  const texts = `from_json(${column}::JSON, '["VARCHAR"]')`;
  const isNested = `json_type(${column}::JSON, '$[0]') = 'ARRAY'`;
  if (!lossy) return `case when ${isNested} then error('a list of lists') else ${elements(texts, of, 'cast')} end`;
  return `case when not json_valid(${column}) or ${isNested} then null else ${elements(texts, of, 'try_cast')} end`;
}

function elements(texts: string, of: ColumnType, cast: 'cast' | 'try_cast'): string {
  switch (of.kind) {
    case 'bytea':
      return `list_transform(${texts}, x -> unhex(x[3:]))`;
    case 'date':
      return `${cast}(list_transform(${texts}, x -> replace(x, ' BC', ' (BC)')) as DATE[])`;
    case 'timestamptz':
      return `${cast}(${texts} as TIMESTAMP[])::TIMESTAMP WITH TIME ZONE[]`;
    default:
      return `${cast}(${texts} as ${duckDbType(of)}[])`;
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
