import { duckDbLiteral } from '../duckdb.ts';
import type { RawRows } from '../raw-rows.ts';
import { rawText, type ColumnTerms } from './column-terms.ts';
import type { SiftRequest } from './sift-request.ts';
import { jsonValue } from './wire-values.ts';

/**
 * The JSON object of what a row has and nobody declared, by the source's names: undeclared columns with a value, and
 * values that do not fit their column. Null for a row that has nothing of it.
 */
export function extraTerm(request: SiftRequest, terms: readonly ColumnTerms[], raw: RawRows): string {
  const member = (name: string, value: string): string => `${duckDbLiteral(`${JSON.stringify(name)}:`)} || ${value}`;
  const members = [
    ...request.undeclared.flatMap(({ from, type, becomes }) => {
      if (becomes !== 'extra') return [];
      const text = rawText(from, raw);
      return [`if(${text} is null, null, ${member(from, jsonValue(type, text))})`];
    }),
    ...request.columns.flatMap((column, index) => {
      const { misfit, raw: text } = terms[index] as ColumnTerms;
      if (column.misfit !== 'extra' || misfit === 'null') return [];
      return [`if(${misfit} is null, null, ${member(column.from, `to_json(${text})::varchar`)})`];
    }),
  ];
  if (members.length === 0) return 'null';
  const list = `array_to_string([${members.join(', ')}], ',')`;
  return `if(${list} = '', null, '{' || ${list} || '}')`;
}
