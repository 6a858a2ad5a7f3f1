import type { RawTable } from './raw-table.ts';
import { requireUsableNames } from './column-names.ts';
import { JsonRecord } from './json-record.ts';
import { JsonArrayScanner, JsonLinesScanner } from './json-scanner.ts';
import { skipSpace } from './json-value.ts';
import { readOnce, type FileReading } from './read-bytes.ts';
import { textBlocks } from './read-text.ts';
import type { RecordScanner, RecordSink } from './record-sink.ts';
import { scanRecords } from './scan-records.ts';
import type { SegmentWriter } from './segment-writer.ts';
import type { FileStamp, SourceFile } from './source-file.ts';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

/**
 * Reads one file of JSON lines, or of one array of objects, into a raw table. Numbers keep their digits as written,
 * objects and arrays their JSON; a key that is not there is null.
 *
 * @throws SOURCE_CHANGED, SOURCE_UNREADABLE, DISK_FULL
 */
export async function readJson(
  table: RawTable,
  file: SourceFile,
  stamp: FileStamp,
  jsonColumns: ReadonlySet<string>,
  tell: (reading: FileReading) => void,
): Promise<FileReading> {
  const reading = readOnce(file, stamp);
  const names = [...table.columns.keys()];
  const keepsJson = names.map((name) => jsonColumns.has(name));
  const record = new JsonRecord(names);
  const writer = table.writer(file.name, names);
  const sink: RecordSink = {
    record: (block, start, end, line) => {
      writer.lines.number(line);
      for (let index = 0; index < names.length; index++) {
        writer.lines.byte(comma);
        if (writeValue(writer, block, record.starts[index]!, record.ends[index]!, keepsJson[index]!)) continue;
        writer.dropLine();
        table.reject(file.name, line, block.toString('utf8', start, end), 'invalid_text', names[index]);
        return;
      }
      writer.endLine();
    },
    unreadable: (block, start, end, line, reason) =>
      table.rejectBytes(file.name, line, block.subarray(start, end), reason),
  };
  try {
    await scanJson(file, reading, sink, record, async () => {
      tell(reading);
      await writer.handOver();
      await table.handOverRejects();
    });
    await writer.finish();
    return reading;
  } finally {
    await writer.abandon();
  }
}

/** All keys of a file's objects, in the order in which they come. */
export async function readKeys(file: SourceFile, stamp: FileStamp): Promise<string[]> {
  const record = new JsonRecord([], true);
  const sink: RecordSink = { record: () => undefined, unreadable: () => undefined };
  await scanJson(file, readOnce(file, stamp), sink, record, async () => requireUsableNames(file, record.names));
  return record.names;
}

async function scanJson(
  file: SourceFile,
  reading: FileReading,
  sink: RecordSink,
  record: JsonRecord,
  afterBlock: () => Promise<void>,
): Promise<void> {
  let chosen: RecordScanner | undefined;
  const scanner: RecordScanner = {
    scan: (block, isLast) => {
      if (!chosen) {
        const first = block[skipSpace(block, 0, block.length)];
        if (first === undefined && !isLast) return 0;
        const isArray = first === 0x5b && !/\.(ndjson|jsonl)(\.|$)/i.test(file.name);
        chosen = isArray ? new JsonArrayScanner(sink, record, file.name) : new JsonLinesScanner(sink, record);
      }
      return chosen.scan(block, isLast);
    },
  };
  await scanRecords(textBlocks(file, reading.blocks, 'utf-8'), scanner, afterBlock);
}

/** Writes a value as a field of csv. @returns false for a text that has no form in UTF-8 */
function writeValue({ lines }: SegmentWriter, block: Buffer, start: number, end: number, keepsJson: boolean): boolean {
  // A key that is not there, and null.
  if (start === -1 || block[start] === 0x6e) return true;
  const first = block[start];
  if (first === quote && !keepsJson) {
    if (!hasEscapes(block, start, end)) {
      // Quoted and without a quote inside, a text of JSON is a field of csv.
      lines.copy(block, start, end);
      return true;
    }
    const text = JSON.parse(block.toString('utf8', start, end)) as string;
    if (!text.isWellFormed()) return false;
    lines.byte(quote);
    lines.text(text.replaceAll('"', '""'));
    lines.byte(quote);
    return true;
  }
  if (first !== quote && first !== 0x7b && first !== 0x5b) {
    lines.copy(block, start, end);
    return true;
  }
  lines.byte(quote);
  for (let from = start; from < end;) {
    const next = block.indexOf(quote, from);
    const to = next === -1 || next >= end ? end : next + 1;
    lines.copy(block, from, to);
    if (to === next + 1) lines.byte(quote);
    from = to;
  }
  lines.byte(quote);
  return true;
}

function hasEscapes(block: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (block[at] === backslash) return true;
  return false;
}
