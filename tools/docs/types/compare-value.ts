import type { Place, StoredValue } from './place.ts';

/** A value of the source: as its text, and where it is an array, as a JSON array and as one of its elements' texts. */
export interface SourceValue {
  readonly text: string | undefined;
  readonly json: string | undefined;
  readonly texts: string | undefined;
}

/** What became of a value: the same, the same but for the sign of a zero, null, or something else. */
export type Verdict = 'kept' | 'sign of zero' | 'json null' | 'null' | 'null inside' | 'changed';

/** Compares a value with the one in the source. */
export function compareValue(type: string, source: SourceValue, stored: StoredValue, place: Place): Verdict {
  if (source.text === undefined) return stored.text === undefined ? 'kept' : 'changed';
  if (stored.text === undefined) return /^jsonb?$/.test(type) && source.text === 'null' ? 'json null' : 'null';
  const found = place.canonical(type, stored);
  const forms = [source.text, source.json, source.texts].filter((form) => form !== undefined).map(withoutLines);
  if (forms.includes(withoutLines(found))) return 'kept';
  if (isListWithNulls(source.texts, found)) return 'null inside';
  if (!/^(real|double precision)$/.test(type)) return 'changed';
  const [before, after] = [toNumber(source.text), toNumber(found)];
  if (Object.is(before, after)) return 'kept';
  return before === after ? 'sign of zero' : 'changed';

  // Between the parts of a json value a line's end means as much as a blank, and NDJSON has one line for a row.
  function withoutLines(text: string): string {
    return /^json\b/.test(type) && place.format === 'json' ? text.replaceAll(/[\r\n]/g, ' ') : text;
  }
}

function toNumber(text: string): number {
  const infinite = /^(-?)inf/i.exec(text);
  return infinite ? (infinite[1] === '-' ? -Infinity : Infinity) : Number(text);
}

/** True where a list is the same but for elements that are null instead. */
function isListWithNulls(texts: string | undefined, found: string): boolean {
  if (texts === undefined || !found.startsWith('[')) return false;
  const [before, after] = [JSON.parse(texts) as unknown[], JSON.parse(found) as unknown[]];
  return after.length === before.length && after.every((each, index) => each === null || each === before[index]);
}
