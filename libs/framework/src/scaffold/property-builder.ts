import { formatColumnType, type ColumnType } from '../model/column-type.ts';
import { textLiteral } from './literal.ts';

/**
 * Writes a column's type as a property builder that means exactly this type, in the shortest form there is.
 *
 * @example
 * ```ts
 * propertyBuilder({ kind: 'numeric', precision: 5, scale: 2 }); // p.decimal().precision(5).scale(2)
 * ```
 */
export function propertyBuilder(type: ColumnType): string {
  switch (type.kind) {
    case 'boolean':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'double':
    case 'text':
    case 'uuid':
    case 'date':
      return `p.${type.kind}()`;
    case 'real':
      return 'p.float()';
    case 'bytea':
      return 'p.blob()';
    case 'jsonb':
      return 'p.json()';
    case 'json':
      return withType('p.json()', type);
    case 'numeric':
      return numericBuilder(type);
    case 'varchar':
      return type.length === undefined ? withType('p.text()', type) : `p.string().length(${type.length})`;
    case 'char':
      return type.length === undefined ? withType('p.character()', type) : `p.character().length(${type.length})`;
    case 'timestamptz':
      return `p.datetime(${type.precision ?? 6})`;
    case 'timestamp':
      return withType(`p.datetime(${type.precision ?? 6})`, type);
    case 'time':
      return type.precision === undefined ? 'p.time()' : withType('p.time()', type);
    case 'timetz':
    case 'interval':
    case 'named':
      return withType('p.text()', type);
    case 'array':
      return type.of.kind === 'text' ? 'p.array()' : withType('p.array()', type);
  }
}

function numericBuilder(type: Extract<ColumnType, { kind: 'numeric' }>): string {
  const { precision, scale = 0 } = type;
  if (precision === undefined) return 'p.decimal()';
  // The ORM knows no digits that are rounded away before the point.
  if (scale < 0) return withType('p.decimal()', type);
  return `p.decimal().precision(${precision}).scale(${scale})`;
}

/** Names that people write instead of the catalogue's long ones. */
function withType(builder: string, type: ColumnType): string {
  const written = formatColumnType(type)
    .replace(/^(time|timestamp)(\(\d\))? without time zone/, '$1$2')
    .replace(/^(time|timestamp)(\(\d\))? with time zone/, '$1tz$2')
    .replace(/^character varying/, 'varchar')
    .replace(/^character\(/, 'char(');
  return `${builder}.columnType(${textLiteral(written)})`;
}
