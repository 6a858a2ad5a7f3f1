import { quote, quoteLiteral } from '../../engines/mysql/quote.ts';
import type { CursorRange } from '../../model/cursor-range.ts';
import type { CursorSql } from '../range-sql.ts';
import type { CatalogueColumn } from './source-column.ts';

/** Numbers, days and times compare as they are, so that an index serves them; texts by their bytes of UTF-8. */
export function cursorSql({ column: name, type }: CursorRange, { dataType }: CatalogueColumn): CursorSql {
  const column = quote(name);
  const asBytes = (value: string): string => `cast(convert(${value} using utf8mb4) as binary)`;
  switch (type.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'numeric':
      return { column, value: column, literal: (value) => value };
    case 'date':
      return { column, value: column, literal: (value) => `date${quoteLiteral(value)}` };
    case 'timestamp':
    case 'timestamptz':
      return {
        column,
        value: column,
        literal: (value) => `timestamp${quoteLiteral(value.replace('T', ' ').replace('Z', ''))}`,
      };
    case 'uuid': {
      // MariaDB sorts its own type by other parts first, and a text may have capital letters.
      const text = dataType === 'uuid' ? `cast(${column} as char)` : `lower(${column})`;
      return { column, value: asBytes(text), literal: (value) => asBytes(quoteLiteral(value)) };
    }
    default:
      return { column, value: asBytes(column), literal: (value) => asBytes(quoteLiteral(value)) };
  }
}
