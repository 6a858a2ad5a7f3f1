/** How a csv file is written; what is left out is as RFC 4180 says. */
export interface CsvDialect {
  /** Between fields, one ASCII character; `,`, and a tab for `.tsv`. */
  readonly delimiter?: string;
  /** Around fields that hold a delimiter, a quote or a line end, where it stands twice; `"`, or null for files without quotes. */
  readonly quote?: string | null;
  /** A name that `TextDecoder` knows; `utf-8`. A byte-order mark is removed, and one of UTF-16 recognised. */
  readonly encoding?: string;
  /** Unquoted texts that mean NULL; the empty one alone, as PostgreSQL has it. */
  readonly nulls?: readonly string[];
  /**
   * Whether the last line may lack its line end: `required` (the default) takes such a line for one that was cut,
   * because nothing else tells `12` from the beginning of `123`.
   */
  readonly lastLineEnd?: 'required' | 'optional';
}

/** A dialect with nothing left out. */
export interface CompleteCsvDialect {
  readonly delimiter: string;
  readonly quote: string | null;
  readonly encoding: string;
  readonly nulls: readonly string[];
  readonly lastLineEnd: 'required' | 'optional';
}

/** Fills in what is left out. @param path of the file; `.tsv` means tabs */
export function completeDialect(dialect: CsvDialect, path: string): CompleteCsvDialect {
  return {
    delimiter: dialect.delimiter ?? (/\.tsv(\.|$)/i.test(path) ? '\t' : ','),
    quote: dialect.quote === undefined ? '"' : dialect.quote,
    encoding: dialect.encoding ?? 'utf-8',
    nulls: dialect.nulls ?? [''],
    lastLineEnd: dialect.lastLineEnd ?? 'required',
  };
}

/** What cannot be read about a dialect, in words; undefined where all of it can. */
export function problemOfDialect({ delimiter, quote, encoding, nulls, lastLineEnd }: CsvDialect): string | undefined {
  // A number of a line stands before each record for DuckDB, so digits cannot delimit; letters never do.
  const isMark = (text: string): boolean => /^[\t\x20-\x7e]$/.test(text) && !/[A-Za-z0-9]/.test(text);
  if (delimiter !== undefined && !isMark(delimiter))
    return 'its delimiter is not one ASCII character that is no letter and no digit';
  if (quote !== undefined && quote !== null && (!isMark(quote) || quote === (delimiter ?? ','))) {
    return 'its quote is not one ASCII character that is no letter, no digit and not the delimiter';
  }
  if (nulls?.some((text) => [delimiter ?? ',', quote ?? '"', '\n', '\r'].some((mark) => text.includes(mark)))) {
    return 'a text for null holds the delimiter, the quote or a line end';
  }
  if (lastLineEnd !== undefined && lastLineEnd !== 'required' && lastLineEnd !== 'optional') {
    return 'lastLineEnd is neither "required" nor "optional"';
  }
  if (encoding === undefined) return undefined;
  try {
    return void new TextDecoder(encoding);
  } catch {
    return `its encoding "${encoding}" is not known`;
  }
}
