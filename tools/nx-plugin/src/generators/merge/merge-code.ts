import type Ts from 'typescript';
import { codeLists, type CodeItem, type CodeList } from './code-lists.ts';

/** What a merge made of a file. */
export interface MergedCode {
  readonly text: string;
  /** What the source changed and somebody had changed by hand, too: `properties: email`; the hand's work stays. */
  readonly conflicts: readonly string[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const empty: CodeList = { items: [], start: 0, separator: ',' };

/**
 * Brings what changed between two generated texts into one that people have worked on. Entries are compared one by one:
 * one that is still as it was generated follows, one that somebody changed stays, and so does everything in between.
 *
 * @param base what was generated before
 * @param wanted what is generated now
 * @param current what is there
 */
export function mergeCode(base: string, wanted: string, current: string, ts: typeof Ts): MergedCode {
  const [before, after, now] = [base, wanted, current].map((text) => codeLists(text, ts)) as [Lists, Lists, Lists];
  const edits: Edit[] = [];
  const conflicts: string[] = [];
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const list = now.get(name);
    if (!list) {
      if (!sameLists(before.get(name), after.get(name))) conflicts.push(name);
      continue;
    }
    const merged = mergeList(before.get(name) ?? empty, after.get(name) ?? empty, list, current);
    edits.push(...merged.edits);
    conflicts.push(...merged.conflicts.map((key) => `${name}: ${key}`));
  }
  // From the end, so that places stay where they are.
  const text = edits
    .map((edit, order) => ({ ...edit, order }))
    .toSorted((a, b) => b.start - a.start || b.order - a.order)
    .reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), current);
  return { text, conflicts };
}

type Lists = ReadonlyMap<string, CodeList>;

function mergeList(
  before: CodeList,
  after: CodeList,
  list: CodeList,
  current: string,
): { edits: Edit[]; conflicts: string[] } {
  const edits: Edit[] = [];
  const conflicts: string[] = [];
  const keys = new Set([...before.items, ...after.items].map(({ key }) => key));
  for (const key of keys) {
    const [was, wanted, is] = [before, after, list].map(({ items }) => items.find((item) => item.key === key));
    if (same(was, wanted) || same(is, wanted)) continue;
    if (!same(is, was)) conflicts.push(key);
    else if (is && wanted) edits.push({ start: is.start, end: is.end, text: wanted.text });
    else if (is) edits.push(removal(is, list, current));
    else if (wanted) edits.push(insertion(wanted, after, list));
  }
  return { edits, conflicts };
}

/** Behind the nearest entry before it that is there. */
function insertion(wanted: CodeItem, after: CodeList, list: CodeList): Edit {
  const place = after.items.findIndex(({ key }) => key === wanted.key);
  const earlier = after.items.slice(0, place).map(({ key }) => key);
  const neighbour = list.items.findLast(({ key }) => earlier.includes(key));
  if (neighbour) {
    return { start: neighbour.end, end: neighbour.end, text: `${list.separator}\n${wanted.text}` };
  }
  const [first] = list.items;
  const start = first?.start ?? list.start;
  // An import of an empty list follows the others; all else comes before what is there.
  return list.separator === '' && !first
    ? { start, end: start, text: `\n${wanted.text}` }
    : { start, end: start, text: `${wanted.text}${list.separator}\n` };
}

/** With its separator, and the line that it stood on. */
function removal({ start, end }: CodeItem, { separator }: CodeList, current: string): Edit {
  const rest = /^\s*,/.exec(current.slice(end));
  const until = separator === ',' && rest ? end + rest[0].length : end;
  const newline = /^[ \t]*\r?\n/.exec(current.slice(until));
  return { start, end: until + (newline?.[0].length ?? 0), text: '' };
}

function sameLists(a: CodeList = empty, b: CodeList = empty): boolean {
  return a.items.length === b.items.length && a.items.every((item, index) => same(item, b.items[index]));
}

/** Whatever a formatter made of it. */
function same(a: CodeItem | undefined, b: CodeItem | undefined): boolean {
  const plain = (item: CodeItem | undefined): string | undefined =>
    item?.text.replaceAll(/\s+/g, '').replaceAll(/,(?=[}\])])/g, '');
  return plain(a) === plain(b);
}
