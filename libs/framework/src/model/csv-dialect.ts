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
