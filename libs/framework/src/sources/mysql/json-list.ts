import type { ColumnType } from '../../model/column-type.ts';
import type { WireFormat } from '../../model/wire-format.ts';

const texts: readonly string[] = ['text', 'varchar'];

/**
 * A JSON array as a list: a JSON array without blanks, or PostgreSQL's own form. What is no array, or holds objects or
 * arrays, ends the statement.
 */
export function listOf(value: string, of: ColumnType, format: WireFormat): string {
  const isText = texts.includes(of.kind);
  const element =
    {
      'postgres-text': isText ? quoted(`replace(replace(item, '\\\\', '\\\\\\\\'), '"', '\\\\"')`) : 'item',
      // Readers of csv would take numbers with many digits for doubles, so all elements are texts.
      csv: quotedItem,
    }[format as string] ?? (isText ? quotedItem : 'item');
  const [open, close, none] = format === 'postgres-text' ? ['{', '}', 'NULL'] : ['[', ']', 'null'];
  const items =
    `select group_concat(coalesce(${element}, '${none}') order by place separator ',') from json_table(${value}, ` +
    `'$[*]' columns (place for ordinality, item longtext path '$' null on empty error on error)) as items`;
  // What is longer than a packet would be cut, with no more than a warning.
  const fits = `4 * octet_length(${value}) < @@max_allowed_packet`;
  return (
    `if(${value} is null, null, if(json_type(${value}) = 'ARRAY' and ${fits}, concat('${open}', coalesce(cast((${items}) as binary), ''), '${close}'), ` +
    `exp(1000 + isnull(${value}))))`
  );
}

const quotedItem = 'cast(json_quote(item) as binary)';

function quoted(text: string): string {
  return `concat('"', ${text}, '"')`;
}
