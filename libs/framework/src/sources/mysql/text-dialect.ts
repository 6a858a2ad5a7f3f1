import { quoteLiteral } from '../../engines/mysql/quote.ts';
import type { TextDialect } from '../row-line.ts';

/** Texts are handled as bytes of UTF-8: the servers' functions for characters take twice as long. */
export const textDialect: TextDialect = {
  literal: quoteLiteral,
  concat: (parts) => `concat(${parts.join(', ')})`,
  replace: (value, from, to) => `replace(${value}, ${quoteLiteral(from)}, ${quoteLiteral(to)})`,
  // The function takes characters only, and null is no string for it.
  quoteJson: (text) => `cast(json_quote(convert(${text} using utf8mb4)) as binary)`,
};
