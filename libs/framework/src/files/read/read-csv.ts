import { completeDialect, type CompleteCsvDialect, type CsvDialect } from '../../model/csv-dialect.ts';
import { duckDbLiteral } from '../duckdb.ts';
import { requireColumns } from './column-names.ts';
import { headerNames, noHeader } from './csv-header.ts';
import { CsvScanner } from './csv-scanner.ts';
import type { RawTable } from './raw-table.ts';
import { readOnce, type FileReading } from './read-bytes.ts';
import { textBlocks } from './read-text.ts';
import type { RecordSink } from './record-sink.ts';
import { scanRecords } from './scan-records.ts';
import type { SegmentWriter } from './segment-writer.ts';
import type { FileStamp, SourceFile } from './source-file.ts';

/** How the csv files of a table are read. */
export interface CsvReading {
  readonly dialect: CsvDialect;
  /** Names of the columns where the files have no header line. */
  readonly header: readonly string[] | undefined;
}

/**
 * Reads one csv file into a raw table: each record that is well-formed goes to DuckDB as it is, with the number of its
 * line before it, so nothing is taken apart here.
 *
 * @throws SOURCE_CHANGED, SOURCE_UNREADABLE, CONTRACT for a header that names a column twice, DISK_FULL
 */
export async function readCsv(
  table: RawTable,
  file: SourceFile,
  stamp: FileStamp,
  { dialect, header }: CsvReading,
  tell: (reading: FileReading) => void,
): Promise<FileReading> {
  const reading = readOnce(file, stamp);
  const complete = completeDialect(dialect, file.name.replace(/\.(gz|zst|zstd)$/i, ''));
  const delimiter = complete.delimiter.charCodeAt(0);
  let names = header;
  let writer: SegmentWriter | undefined;
  const begin = (columns: readonly string[]): SegmentWriter => {
    requireColumns(file, columns, table.columns.keys());
    const asked = columns.map((column) => (table.columns.has(column) ? column : undefined));
    return table.writer(file.name, asked, inDuckDbsWords(complete));
  };
  if (names) writer = begin(names);
  const sink: RecordSink = {
    record: (block, start, end, line) => {
      if (!writer) {
        names = headerNames(file, block.subarray(start, end), complete);
        writer = begin(names);
        return;
      }
      writer.lines.number(line);
      writer.lines.byte(delimiter);
      writer.lines.copy(block, start, end);
      writer.endLine();
    },
    unreadable: (block, start, end, line, reason, column) => {
      if (!names) throw noHeader(file);
      const name = column === undefined ? undefined : names[column];
      table.rejectBytes(file.name, line, block.subarray(start, end), reason, name);
    },
  };
  try {
    const blocks = textBlocks(file, reading.blocks, complete.encoding);
    await scanRecords(blocks, new CsvScanner(complete, sink, header?.length), async () => {
      tell(reading);
      await writer?.handOver();
      await table.handOverRejects();
    });
    if (!writer) throw noHeader(file);
    await writer.finish();
    return reading;
  } finally {
    await writer?.abandon();
  }
}

function inDuckDbsWords({ delimiter, quote, nulls }: CompleteCsvDialect): string {
  // Without a text for it, DuckDB takes the empty one for null; this one cannot be typed.
  const texts = (nulls.length > 0 ? nulls : ['\u0001\u0002\u0003']).map(duckDbLiteral).join(', ');
  const quoting =
    quote === null
      ? `quote = '', escape = ''`
      : `quote = ${duckDbLiteral(quote)}, escape = ${duckDbLiteral(quote)}, allow_quoted_nulls = false`;
  return `delim = ${duckDbLiteral(delimiter)}, ${quoting}, nullstr = [${texts}]`;
}
