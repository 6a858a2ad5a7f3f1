import type { ColumnType } from '../../model/column-type.ts';
import { duckDbLiteral } from '../duckdb.ts';
import { judgeArray } from './judge-array.ts';
import { judgeDecimal, judgeFloat, judgeInteger } from './judge-number.ts';
import { judgeDate, judgeTime, judgeTimestamp } from './judge-time.ts';
import { firstProblem, matches, type Judgement } from './judgement.ts';

/** PostgreSQL's spellings, in full. */
const yes = ['true', 't', 'yes', 'y', 'on', '1'];
const no = ['false', 'f', 'no', 'n', 'off', '0'];

/**
 * How a text is taken for a declared type: exactly, or not at all. What DuckDB has no type for (`interval`, `inet`,
 * ranges, `tsvector` …) passes as its text, and the target has the last word.
 *
 * @param text expression of a text that is not null
 * @param lossy rounds and cuts what the type does not keep, instead of refusing it
 */
export function judgeValue(type: ColumnType, text: string, lossy = false): Judgement {
  const { problem, value } = judgeForm(type, text, lossy);
  const hasNul: [string, 'invalid_text'] = [`contains(${text}, chr(0))`, 'invalid_text'];
  return { problem: `coalesce(${firstProblem(hasNul)}, ${problem})`, value };
}

function judgeForm(type: ColumnType, text: string, lossy: boolean): Judgement {
  switch (type.kind) {
    case 'boolean':
      return judgeBoolean(text);
    case 'smallint':
    case 'integer':
    case 'bigint':
      return judgeInteger(type.kind, text);
    case 'numeric':
      return judgeDecimal(type, text, lossy);
    case 'real':
    case 'double':
      return judgeFloat(type.kind, text);
    case 'varchar':
    case 'char':
      return judgeLength(type, text, lossy);
    case 'date':
      return judgeDate(text);
    case 'timestamp':
    case 'timestamptz':
      return judgeTimestamp(type, text, lossy);
    case 'time':
    case 'timetz':
      return judgeTime(type, text);
    case 'uuid':
      return {
        problem: firstProblem([
          `not ${matches(`trim(${text})`, '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}')}`,
          'wrong_type',
        ]),
        value: `lower(trim(${text}))`,
      };
    case 'json':
    case 'jsonb':
      return judgeJson(type.kind, text);
    case 'bytea':
      return {
        problem: firstProblem([`not ${matches(`trim(${text})`, '\\\\x([0-9a-fA-F]{2})*')}`, 'wrong_type']),
        value: `lower(substr(trim(${text}), 3))`,
      };
    case 'array':
      return judgeArray(type.of, text, (of, element) => judgeValue(of, element, lossy));
    case 'text':
    case 'interval':
    case 'named':
      return { problem: 'null', value: text };
  }
}

function judgeBoolean(text: string): Judgement {
  const word = `lower(trim(${text}))`;
  const list = (words: readonly string[]): string => words.map(duckDbLiteral).join(', ');
  return {
    problem: firstProblem([`${word} not in (${list([...yes, ...no])})`, 'wrong_type']),
    value: `if(${word} in (${list(yes)}), '1', '0')`,
  };
}

/** Counted in characters, as databases do. */
function judgeLength({ kind, length }: { kind: string; length?: number }, text: string, lossy: boolean): Judgement {
  if (length === undefined) return { problem: 'null', value: text };
  const kept = lossy ? `left(${text}, ${length})` : text;
  return {
    problem: lossy ? 'null' : firstProblem([`length(${text}) > ${length}`, 'too_long']),
    value: kind === 'char' ? `${kept} || repeat(' ', ${length} - length(${kept}))` : kept,
  };
}

/**
 * DuckDB takes NaN, Infinity and commas before a closing bracket for JSON; without its texts it is plain which of them
 * there are. PostgreSQL's jsonb has no character of number 0.
 */
function judgeJson(kind: 'json' | 'jsonb', text: string): Judgement {
  const bare = `regexp_replace(${text}, '"([^"\\\\]|\\\\.)*"', '""', 'g')`;
  return {
    problem: firstProblem(
      [`not json_valid(${text})`, 'wrong_type'],
      [`regexp_matches(${bare}, '(?i)nan|inf|,\\s*[\\]}]')`, 'wrong_type'],
      ...(kind === 'jsonb'
        ? ([[`regexp_matches(replace(${text}, '\\\\', ''), '\\\\u0000')`, 'invalid_text']] as const)
        : []),
    ),
    value: text,
  };
}
