import { DatakitError } from '../../errors/datakit-error.ts';
import { completeDialect, type CompleteCsvDialect, type CsvDialect } from '../../model/csv-dialect.ts';
import { requireDifferentNames, requireUsableNames } from './column-names.ts';
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
  requireUsableNames(file, names);
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
