import { quoteLiteral } from '../../engines/sqlite/quote.ts';
import type { TextDialect } from '../row-line.ts';

/** SQLite's functions for texts work on bytes as they are. */
export const textDialect: TextDialect = {
  literal: quoteLiteral,
  concat: (parts) => (parts.length === 1 ? `(${parts[0]} || '')` : `(${parts.join(' || ')})`),
  replace: (value, from, to) => `replace(${value}, ${quoteLiteral(from)}, ${quoteLiteral(to)})`,
  quoteJson: (text) => `case when ${text} is not null then json_quote(${text}) end`,
};
