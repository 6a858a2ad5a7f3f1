/** A regular expression that means the same on every engine. */
export interface PortablePattern {
  /** @param end how the engine writes the end of the whole text; its `$` may stand before a last newline, too */
  written(end: string): string;
}

const shorthands: Readonly<Record<string, string>> = { d: '0-9', w: 'A-Za-z0-9_', s: ' \t\n\r\f\u000B' };
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\u000B' };
/** The most that PostgreSQL repeats. */
const mostRepeats = 255;
const end = Symbol('end of the text');

/**
 * Reads what JavaScript, PostgreSQL, PCRE (MariaDB) and ICU (MySQL) have in common: characters, `.`, `[…]`, `\d \w \s`
 * (ASCII) and their opposites, groups, `|`, `* + ? {n,m}`, `^` and `$`. The dialects differ in what `.`, `$` and `\d`
 * take, so each is written out: `.` is any character but a newline.
 *
 * @returns undefined, or a reason, where the pattern holds anything else
 */
export function readPattern(pattern: string): PortablePattern | { readonly problem: string } {
  if (pattern === '') return { problem: 'is empty' };
  try {
    const parts = translate(pattern);
    return { written: (ofText) => parts.map((part) => (part === end ? ofText : (part as string))).join('') };
  } catch (problem) {
    if (problem instanceof Problem) return { problem: problem.message };
    throw problem;
  }
}

class Problem extends Error {}

function translate(pattern: string): (string | typeof end)[] {
  const parts: (string | typeof end)[] = [];
  let open = 0;
  let repeatable = false;
  for (let rest = pattern; rest !== '';) {
    const token = nextToken(rest);
    rest = rest.slice(token.length);
    const wasRepeatable = repeatable;
    repeatable = false;
    if (/^(?:[*+?]|\{.*\})$/s.test(token)) {
      if (!wasRepeatable) throw new Problem(`has "${token}" where nothing can be repeated`);
      checkRepeats(token);
      parts.push(token);
    } else if (token === '(' || token === '(?:') {
      open++;
      parts.push('(?:');
    } else if (token === ')') {
      if (open-- === 0) throw new Problem('closes a group that it does not open');
      parts.push(token);
      repeatable = true;
    } else if (token === '|' || token === '^') {
      parts.push(token);
    } else if (token === '$') {
      parts.push(end);
    } else {
      parts.push(atom(token));
      repeatable = true;
    }
  }
  if (open > 0) throw new Problem('does not close a group');
  return parts;
}

function nextToken(rest: string): string {
  const [token] =
    /^(?:\\(?:u\{[\da-f]{1,6}\}|u[\da-f]{4}|x[\da-f]{2}|.)|\[\^?(?:\\.|[^\\\]])*\]|\{\d+(?:,\d*)?\}|\(\?:|[^\\])/isu.exec(
      rest,
    ) ?? [];
  if (token === undefined) throw new Problem('ends in a backslash');
  if (token === '(' && rest.startsWith('(?')) throw new Problem(`has "${rest.slice(0, 3)}", which is not portable`);
  if (['[', ']', '{', '}'].includes(token)) {
    throw new Problem(`has a "${token}" without its other half; as a character it is "\\${token}"`);
  }
  return token;
}

function checkRepeats(token: string): void {
  const [, from, to] = /^\{(\d+)(?:,(\d*))?\}$/.exec(token) ?? [];
  if (from === undefined) return;
  const most = Number(to || from);
  if (most > mostRepeats) throw new Problem(`repeats more than ${mostRepeats} times in "${token}"`);
  if (most < Number(from)) throw new Problem(`has its ends the wrong way round in "${token}"`);
}

function atom(token: string): string {
  if (token === '.') return '[^\n]';
  if (token.startsWith('[')) return bracket(token);
  if (!token.startsWith('\\')) return token;
  const letter = token.slice(1);
  const set = shorthands[letter.toLowerCase()];
  if (set !== undefined) return `[${letter === letter.toLowerCase() ? '' : '^'}${set}]`;
  const character = escaped(token);
  return /[\^$\\.*+?()[\]{}|]/.test(character) ? `\\${character}` : character;
}

function bracket(token: string): string {
  const negated = token.startsWith('[^');
  const items = new Set<string>();
  const inside = token.slice(negated ? 2 : 1, -1);
  if (inside === '') throw new Problem(`has an empty "${token}"`);
  const pattern =
    /(\\(?:u\{[\da-f]{1,6}\}|u[\da-f]{4}|x[\da-f]{2}|.)|.)(?:-(\\(?:u\{[\da-f]{1,6}\}|u[\da-f]{4}|x[\da-f]{2}|.)|.))?/gisu;
  for (const [all, from = '', to] of inside.matchAll(pattern)) {
    const set = from.startsWith('\\') ? shorthands[from.slice(1)] : undefined;
    if (from === '[') throw new Problem(`has a "[" inside of "${token}"; as a character it is "\\["`);
    if (set !== undefined && to !== undefined) throw new Problem(`has "${all}", which is no range`);
    const first = set ?? escaped(from);
    if (to !== undefined && first.codePointAt(0)! > escaped(to).codePointAt(0)!) {
      throw new Problem(`has its ends the wrong way round in "${all}"`);
    }
    items.add(set ?? [first, ...(to === undefined ? [] : [escaped(to)])].map(inBracket).join('-'));
  }
  return `[${negated ? '^' : ''}${[...items].join('')}]`;
}

function inBracket(character: string): string {
  return /[\\\][^-]/.test(character) ? `\\${character}` : character;
}

/** The character that a token stands for. */
function escaped(token: string): string {
  if (!token.startsWith('\\')) return token;
  const letter = token.slice(1);
  const code = /^(?:u\{(.+)\}|u(.{4})|x(.{2}))$/i.exec(letter);
  if (code) return String.fromCodePoint(Math.min(Number.parseInt(code[1] ?? code[2] ?? code[3]!, 16), 0x10ffff));
  const control = controls[letter];
  if (control !== undefined) return control;
  if (/^[A-Za-z0-9]/.test(letter)) throw new Problem(`has "${token}", which is not portable`);
  return letter;
}
