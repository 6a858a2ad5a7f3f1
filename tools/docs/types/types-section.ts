import type { Outcome, TypeObservation } from './observe-place.ts';
import type { SourceTypes } from './source-type.ts';

/** Where the derived part of `docs/types.md` begins and ends. */
const begin = (source: string): string => `<!-- types of ${source}: begin -->`;
const end = (source: string): string => `<!-- types of ${source}: end -->`;

/** Puts what was observed of one kind of source into the page. */
export function withTypesSection(page: string, types: SourceTypes, observed: readonly TypeObservation[]): string {
  const [from, to] = [page.indexOf(begin(types.source)), page.indexOf(end(types.source))];
  if (from === -1 || to === -1) throw new Error(`the page has no section "${begin(types.source)}"`);
  return `${page.slice(0, from)}${begin(types.source)}\n\n${typesSection(types, observed)}\n\n${page.slice(to)}`;
}

/** A table of types and places, and a list of the values that a place does not keep. */
export function typesSection({ types }: SourceTypes, observed: readonly TypeObservation[]): string {
  const places = [...new Set(observed.map(({ place }) => place))];
  const of = (type: string, place: string): TypeObservation =>
    observed.find((each) => each.type === type && each.place === place)!;
  const rows = types.map(({ type, declared }) => [
    declared === undefined ? code(type) : `${code(type)}, declared ${code(declared)}`,
    ...places.map((place) => cell(of(type, place))),
  ]);
  const missing = types.flatMap(({ type }) => places.flatMap((place) => refusals(of(type, place))));
  return [
    ...markdownTable([['source', ...places], ...rows]),
    '',
    'What a cell with a † does not take:',
    '',
    ...markdownTable([['source', 'place', 'values', 'refused with', 'declared lossy'], ...missing]),
  ].join('\n');
}

function cell({ storedAs, values }: TypeObservation): string {
  const isWhole = values.every(({ outcome }) => outcome === 'kept');
  return `${storedAs.map(code).join(', ') || '–'}${isWhole ? '' : ' †'}`;
}

/** One row for all values that end alike. */
function refusals({ type, place, values }: TypeObservation): string[][] {
  const ends = new Map<string, string[]>();
  for (const { label, outcome, lossy } of values) {
    if (outcome === 'kept') continue;
    const key = JSON.stringify([inWords(outcome), inWords(lossy)]);
    ends.set(key, [...(ends.get(key) ?? []), label]);
  }
  return [...ends].map(([key, labels]) => [
    code(type),
    place,
    labels.join(', ').replaceAll('|', '\\|'),
    ...(JSON.parse(key) as [string, string]),
  ]);
}

function inWords(outcome: Outcome): string {
  if (typeof outcome === 'object') return code(outcome.refused);
  if (outcome === 'sign of zero') return '– (is 0 there)';
  if (outcome === 'json null') return '– (is null there, as NULL is)';
  if (outcome === 'null inside') return 'null in the list';
  return outcome === 'changed' ? 'CHANGED' : outcome;
}

const code = (text: string): string => `\`${text}\``;

/** A table as Prettier leaves it. */
function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const padded = (row: readonly string[]): string => line(row.map((text, column) => text.padEnd(widths[column] ?? 0)));
  return [padded(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(padded)];
}
