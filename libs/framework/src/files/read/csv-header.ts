import { DatakitError } from '../../errors/datakit-error.ts';
import { completeDialect, type CompleteCsvDialect, type CsvDialect } from '../../model/csv-dialect.ts';
import { CsvScanner, splitRecord, unquoteField } from './csv-scanner.ts';
import { readOnce } from './read-bytes.ts';
import { textBlocks } from './read-text.ts';
import { unreadable, type FileStamp, type SourceFile } from './source-file.ts';

/** The names in a file's first record. @throws CONTRACT where two columns have one name */
export function headerNames(file: SourceFile, header: Buffer, dialect: CompleteCsvDialect): string[] {
  const quote = dialect.quote === null ? -1 : dialect.quote.charCodeAt(0);
  const names = splitRecord(header, dialect.delimiter.charCodeAt(0), quote).map((field) =>
    unquoteField(field, dialect.quote),
  );
  requireDifferentNames(file, names);
  return names;
}

/** What a file without any record ends with. */
export function noHeader(file: SourceFile): DatakitError {
  return unreadable(
    file,
    'has no header line',
    'Its first line has to name the columns and end with a line end; a table whose files have no such line names them: source: { header: [ … ] }.',
  );
}

/** Reads no further than the header. @throws SOURCE_UNREADABLE where there is none */
export async function readHeader(file: SourceFile, stamp: FileStamp, dialect: CsvDialect): Promise<string[]> {
  const complete = completeDialect(dialect, file.name.replace(/\.(gz|zst|zstd)$/i, ''));
  let names: string[] | undefined;
  const scanner = new CsvScanner(complete, {
    record: (block, start, end) => (names ??= headerNames(file, block.subarray(start, end), complete)),
    unreadable: () => {
      if (!names) throw noHeader(file);
    },
  });
  let rest: Buffer = Buffer.alloc(0);
  for await (const block of textBlocks(file, readOnce(file, stamp).blocks, complete.encoding)) {
    rest = Buffer.concat([rest, block]);
    rest = rest.subarray(scanner.scan(rest, false));
    if (names) return names;
  }
  scanner.scan(rest, true);
  return names ?? raise(noHeader(file));
}

function raise(error: DatakitError): never {
  throw error;
}

/** Case twins count as one name, because most databases and DuckDB take them for one. */
function requireDifferentNames(file: SourceFile, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    if (name === '') throw bad('has a column without a name');
    if (seen.has(folded)) throw bad(`has the column ${shown(name)} twice`);
    seen.add(folded);
  }
  function bad(what: string): DatakitError {
    return new DatakitError({
      code: 'CONTRACT',
      message: `The header of the file ${file.name} ${what}; nothing was loaded.`,
      hint: 'Have the file written with a name of its own for each column.',
      details: { file: file.name },
    });
  }
}

/** A name as messages show it: a header may be anything. */
export function shown(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
