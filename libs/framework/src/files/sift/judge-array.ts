import type { ColumnType } from '../../model/column-type.ts';
import { firstProblem, matches, type Judgement } from './judgement.ts';

const withoutTexts = ['boolean', 'smallint', 'integer', 'bigint', 'numeric', 'real', 'double'];

/**
 * A JSON array, each of whose elements is judged as a value. Lists of lists are not of the declared type.
 *
 * @param judge judges one element
 */
export function judgeArray(
  of: ColumnType,
  text: string,
  judge: (of: ColumnType, element: string) => Judgement,
): Judgement {
  // DuckDB may look at both sides of an `and`, and its functions of JSON fail for what is none.
  const json = `if(json_valid(${text}), ${text}, 'null')`;
  const isList = `coalesce(json_type(${json}) = 'ARRAY', false)`;
  const elements = withoutTexts.includes(of.kind) ? bareElements(text) : jsonElements(text);
  const judged = judge(of, 'datakit_e');
  const isNested = matches(
    `array_to_string(json_extract(${json}, '$[*]').list_transform(lambda datakit_j: coalesce(json_type(datakit_j), 'NULL')), ',')`,
    `.*(ARRAY${of.kind === 'json' || of.kind === 'jsonb' ? '' : '|OBJECT'}).*`,
  );
  const problems = `list_transform(${elements}, lambda datakit_e: if(datakit_e is null, null, ${judged.problem}))`;
  const value = of.kind === 'bytea' ? `'\\x' || ${judged.value}` : judged.value;
  return {
    problem: `coalesce(${firstProblem([`not ${isList}`, 'wrong_type'], [isNested, 'wrong_type'])},
      list_filter(${problems}, lambda datakit_p: datakit_p is not null)[1])`,
    value: `to_json(list_transform(${elements}, lambda datakit_e: if(datakit_e is null, null, ${value})))::varchar`,
  };
}

function jsonElements(text: string): string {
  return `from_json(if(json_valid(${text}), ${text}, '[]'), '["VARCHAR"]')`;
}

/** DuckDB reads the numbers of JSON as doubles, so those are taken from the text. */
function bareElements(text: string): string {
  const inside = `regexp_replace(${text}, '^\\s*\\[\\s*|\\s*\\]\\s*$', '', 'g')`;
  const element = `regexp_replace(trim(datakit_e, ' ' || chr(9) || chr(10) || chr(13)), '^"(.*)"$', '\\1')`;
  return `if(${inside} = '', []::varchar[], list_transform(string_split(${inside}, ','), lambda datakit_e: nullif(${element}, 'null')))`;
}
