import { describe, expect, it } from '@jest/globals';
import { JsonRecord } from './json-record.ts';
import { JsonArrayScanner, JsonLinesScanner } from './json-scanner.ts';
import type { RecordScanner, RecordSink } from './record-sink.ts';

/** What is told of a text: line and values by the names, or line and reason, the same in blocks of any size. */
function scan(text: string | Buffer, names: string[], kind: 'lines' | 'array' = 'lines'): unknown[] {
  const results = [1, 2, 5, 1000].map((blockBytes) => {
    const record = new JsonRecord(names);
    const seen: unknown[] = [];
    const sink: RecordSink = {
      record: (block, _start, _end, line) =>
        seen.push([
          line,
          ...names.map((_, index) =>
            record.starts[index] === -1 ? null : block.toString('utf8', record.starts[index], record.ends[index]),
          ),
        ]),
      unreadable: (_block, _start, _end, line, reason) => seen.push([line, reason]),
    };
    const scanner: RecordScanner =
      kind === 'lines' ? new JsonLinesScanner(sink, record) : new JsonArrayScanner(sink, record, 'x.json');
    const content = Buffer.from(text);
    let rest = Buffer.alloc(0);
    for (let at = 0; at < content.length; at += blockBytes) {
      rest = Buffer.concat([rest, content.subarray(at, at + blockBytes)]);
      rest = rest.subarray(scanner.scan(rest, false));
    }
    scanner.scan(rest, true);
    return seen;
  });
  for (const result of results) expect(result).toEqual(results[0]);
  return results[0]!;
}

describe('a file of JSON lines', () => {
  it('gives the values as they are written, in any order, and null for a key that is not there', () => {
    const lines = [
      `{"b":1.10,"a":12345678901234567890.123}`,
      ` { "a" : [1, {"x": "]}"}] , "other": {"b":2}, "b" : "x\\"\\u00e9" } `,
      '',
      '{}',
      '{"a":null,"\\u0062":-0.5E+3}\r',
    ];
    expect(scan(lines.join('\n'), ['a', 'b'])).toEqual([
      [1, '12345678901234567890.123', '1.10'],
      [2, '[1, {"x": "]}"}]', '"x\\"\\u00e9"'],
      [4, null, null],
      [5, 'null', '-0.5E+3'],
    ]);
  });

  it.each([
    '{"a":1,}',
    '{"a":01}',
    '{"a":NaN}',
    '{"a":1}{"a":2}',
    '{"a":1',
    '{"a":"x',
    "{'a':1}",
    '{"a":tru}',
    '{"a":"\t"}',
    '{"a":"\\x"}',
    '{"a":"\\u12g4"}',
    '{"a" 1}',
    '{"a":.5}',
    '{"a":1.}',
    '{"a":1e}',
    '{"a":[1,]}',
    '{"a":-}',
    '{,}',
    'x',
    `{"a":${'['.repeat(1000)}`,
  ])('refuses the line %s, which is no object, and no other', (bad) => {
    expect(scan(`{"a":0}\n${bad}\n{"a":2}\n`, ['a'])).toEqual([
      [1, '0'],
      [2, 'no JSON object'],
      [3, '2'],
    ]);
    expect(() => JSON.parse(bad)).toThrow();
  });

  it('refuses what is JSON and no object', () => {
    expect(scan('[1]\n"a"\n1\nnull', ['a'])).toEqual([1, 2, 3, 4].map((line) => [line, 'no JSON object']));
  });

  it('refuses an object with a key twice, and bytes that are no UTF-8', () => {
    expect(scan('{"a":1,"a":2}', ['a'])).toEqual([[1, 'key twice']]);
    expect(scan(Buffer.from('{"a":"caf\xe9"}\n{"a":1}', 'latin1'), ['a'])).toEqual([
      [1, 'not UTF-8'],
      [2, '1'],
    ]);
  });

  it('learns the keys where it is asked to', () => {
    const record = new JsonRecord(['a'], true);
    const values: (string | null)[] = [];
    const scanner = new JsonLinesScanner(
      {
        record: (block) => values.push(block.toString('utf8', record.starts[1], record.ends[1])),
        unreadable: () => undefined,
      },
      record,
    );
    scanner.scan(Buffer.from('{"__proto__":1,"b":{"c":1}}\n{"a":1,"__proto__":2}\n'), true);
    expect(record.names).toEqual(['a', '__proto__', 'b']);
    expect(values).toEqual(['1', '2']);
  });
});

describe('a file that is one JSON array', () => {
  it('gives its objects with their lines', () => {
    const text = '\n[\n  {"a": 1,\n "b": "é"},\n\n  {"b": "ü"}\n]\n';
    expect(scan(text, ['a', 'b'], 'array')).toEqual([
      [3, '1', '"é"'],
      [6, null, '"ü"'],
    ]);
    expect(scan('[]', ['a'], 'array')).toEqual([]);
  });

  it.each([
    ['[{"a":1}', 1],
    ['[{"a":1}\n,{"a":1', 2],
    ['[{"a":1},]', 1],
    ['[{"a":1} {"a":2}]', 1],
    ['[1]', 1],
    ['[{"a":1}]x', 1],
    ['[{"a":1,"a":2}]', 1],
    ['[\n\n{"a":01}]', 3],
  ])('that is broken cannot be read: %j', (text, line) => {
    expect(() => scan(text, ['a'], 'array')).toThrow(
      expect.objectContaining({ code: 'SOURCE_UNREADABLE', details: { file: 'x.json', line } }),
    );
  });
});
