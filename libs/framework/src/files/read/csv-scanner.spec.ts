import { describe, expect, it } from '@jest/globals';
import { completeDialect, type CsvDialect } from '../../model/csv-dialect.ts';
import { CsvScanner } from './csv-scanner.ts';
import type { RecordScanner, RecordSink } from './record-sink.ts';

type Seen = readonly [line: number, text: string, reason?: string, column?: number];

/** What a scanner tells of a text that comes in blocks of a size. */
export function seenBy(make: (sink: RecordSink) => RecordScanner, content: Buffer, blockBytes: number): Seen[] {
  const seen: Seen[] = [];
  const scanner = make({
    record: (block, start, end, line) => seen.push([line, block.toString('utf8', start, end)]),
    unreadable: (block, start, end, line, reason, column) =>
      seen.push([
        line,
        block.toString('utf8', start, end),
        reason,
        ...(column === undefined ? ([] as const) : ([column] as const)),
      ] as Seen),
  });
  let rest = Buffer.alloc(0);
  for (let at = 0; at < content.length; at += blockBytes) {
    rest = Buffer.concat([rest, content.subarray(at, at + blockBytes)]);
    rest = rest.subarray(scanner.scan(rest, false));
  }
  scanner.scan(rest, true);
  return seen;
}

function scan(content: string | Buffer, dialect: CsvDialect = {}): Seen[] {
  const results = [1, 2, 3, 7, 1000].map((blockBytes) =>
    seenBy((sink) => new CsvScanner(completeDialect(dialect, ''), sink), Buffer.from(content), blockBytes),
  );
  for (const result of results) expect(result).toEqual(results[0]);
  return results[0]!;
}

describe('a csv file', () => {
  it('is taken record by record, with the line on which each begins', () => {
    expect(scan('a,b\n1,"x\ny""\n,"\r\n\n3,\r\n,"",\n"4",z\n')).toEqual([
      [1, 'a,b'],
      [2, '1,"x\ny""\n,"'],
      [6, '3,'],
      [7, ',"",', 'field count'],
      [8, '"4",z'],
    ]);
  });

  it('loses the line of a bad record and no other', () => {
    expect(scan('a,b\n1,"never closed\n2,fine\n3,"x"y\n4,5" pipe\n5,a\rb\n6\n7,8,9\n8,end\n')).toEqual([
      [1, 'a,b'],
      [2, '1,"never closed', 'quotes'],
      [3, '2,fine'],
      [4, '3,"x"y', 'quotes'],
      [5, '4,5" pipe', 'quotes'],
      [6, '5,a\rb', 'carriage return'],
      [7, '6', 'field count'],
      [8, '7,8,9', 'field count'],
      [9, '8,end'],
    ]);
    expect(scan('a,b\n1,"never closed\n2,fine\n')).toEqual([
      [1, 'a,b'],
      [2, '1,"never closed', 'quote never closed'],
      [3, '2,fine'],
    ]);
  });

  it('takes a last line without its end for one that was cut, unless told otherwise', () => {
    expect(scan('a,b\n1,12')).toEqual([
      [1, 'a,b'],
      [2, '1,12', 'no line end'],
    ]);
    expect(scan('a,b\n1,12', { lastLineEnd: 'optional' })).toEqual([
      [1, 'a,b'],
      [2, '1,12'],
    ]);
    expect(scan('a,b\n1', { lastLineEnd: 'optional' })).toEqual([
      [1, 'a,b'],
      [2, '1', 'field count'],
    ]);
    expect(scan('a,b\r\n1,12\r\n')).toEqual([
      [1, 'a,b'],
      [2, '1,12'],
    ]);
  });

  it('names the field with bytes that are no UTF-8', () => {
    const seen = scan(Buffer.from('a,b\n1,caf\xe9\n2,ok\n', 'latin1'));
    expect(seen.map(([line, , reason, column]) => [line, reason, column])).toEqual([
      [1, undefined, undefined],
      [2, 'not UTF-8', 1],
      [3, undefined, undefined],
    ]);
  });

  it('has other delimiters and quotes, or none', () => {
    expect(scan(`a;b\n'x;y''';2,3\n`, { delimiter: ';', quote: `'` }).at(-1)).toEqual([2, `'x;y''';2,3`]);
    expect(scan('a|b\n5" pipe|"\n', { delimiter: '|', quote: null }).at(-1)).toEqual([2, '5" pipe|"']);
  });

  it('has null for an empty line where it has one column, and nothing where it has more', () => {
    expect(scan('a\n1\n\n3\n')).toEqual([
      [1, 'a'],
      [2, '1'],
      [3, ''],
      [4, '3'],
    ]);
  });

  it('without bytes has no record', () => {
    expect(scan('')).toEqual([]);
  });
});

describe('a record that is too long', () => {
  const make = (sink: RecordSink): RecordScanner => new CsvScanner(completeDialect({}, ''), sink);
  it('is refused, and the next one taken', () => {
    const long = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.alloc(33 * 1024 * 1024, 'x'), Buffer.from('\n2,y\n')]);
    const seen = seenBy(make, long, 16 * 1024 * 1024);
    expect(seen.map(([line, text, reason]) => [line, text.slice(0, 3), reason])).toEqual([
      [1, 'a,b', undefined],
      [2, '1,x', 'too long'],
      [3, '2,y', undefined],
    ]);
  });
});
