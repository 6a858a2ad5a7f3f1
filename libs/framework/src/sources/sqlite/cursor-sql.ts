import { quote, quoteLiteral } from '../../engines/sqlite/quote.ts';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { CursorRange } from '../../model/cursor-range.ts';
import type { CursorSql } from '../range-sql.ts';

/**
 * Whole numbers and texts compare as they are, so that an index serves them; days, times and UUIDs by their portable
 * text, in which SQLite keeps none of them of itself.
 *
 * @param text the portable text of the column
 * @throws OPTION_INVALID for decimals, which SQLite keeps as it likes
 */
export function cursorSql({ column: name, type }: CursorRange, text: string): CursorSql {
  const column = quote(name);
  switch (type.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return { column, value: column, literal: (value) => value };
    case 'text':
    case 'varchar':
      return { column, value: `${column} collate binary`, literal: quoteLiteral };
    case 'numeric':
      throw new DatakitError({
        code: 'OPTION_INVALID',
        message: `The cursor ${name} is numeric, and SQLite has no order of decimals.`,
        hint: 'Read the table with --mode=full_snapshot, or take a cursor of whole numbers, times or texts.',
      });
    default:
      return { column, value: text, literal: quoteLiteral };
  }
}
