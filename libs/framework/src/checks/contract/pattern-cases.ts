/** Patterns, and texts that match them and do not. */
export const patternCases: readonly {
  readonly pattern: string;
  readonly match: readonly string[];
  readonly differ: readonly string[];
}[] = [
  { pattern: '^abc$', match: ['abc'], differ: ['abc\n', 'ABC', ' abc', 'abc ', '\nabc', 'x\nabc'] },
  { pattern: 'b', match: ['abc', 'b', 'a\nb'], differ: ['B', 'a', ''] },
  { pattern: '^a.c$', match: ['abc', 'a😀c', 'aéc', 'a\rc', 'a\u2028c'], differ: ['a\nc', 'ac', 'ae\u0301c'] },
  { pattern: '^[^x]$', match: ['\n', '😀', 'a'], differ: ['x', '', 'aa'] },
  { pattern: '^\\d+$', match: ['0', '123'], differ: ['', '١٢', '1a', '１'] },
  { pattern: '^\\w$', match: ['a', 'Z', '_', '5'], differ: ['é', 'ß', '-', ''] },
  { pattern: '^\\s\\S$', match: [' a', '\ta', '\n😀'], differ: ['\u00a0a', '  ', 'a '] },
  { pattern: '^[\\d.,\\-]+$', match: ['1-2', '1.2,3', '-'], differ: ['1+2', '\\', ''] },
  { pattern: '^[\\[\\]\\\\^-]+$', match: ['[]', '\\', '^', '-'], differ: ['a', '[a]'] },
  { pattern: '^[à-ÿ]+$', match: ['éà', 'ÿ'], differ: ['e', 'e\u0301', 'É'] },
  { pattern: '^[😀-😎]$', match: ['😀', '😅'], differ: ['😏', 'a'] },
  { pattern: '^(?:a|bc){2,3}$', match: ['aa', 'abca', 'bcbc'], differ: ['a', 'aaaa', 'b'] },
  { pattern: '^(ab?)+c*$', match: ['a', 'abac', 'ccc'.replace('ccc', 'aabccc')], differ: ['c', 'ba'] },
  { pattern: '^\'"`\\\\n;--$', match: [`'"\`\\n;--`], differ: [`'"\`\n;--`] },
  { pattern: '^\\^\\$\\.\\*\\+\\?\\(\\)\\{\\}\\|$', match: ['^$.*+?(){}|'], differ: ['^$.*+?(){}'] },
  { pattern: '^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$', match: ['a.b@c.de'], differ: ['a@b', 'a b@c.de', 'a@b@c.de'] },
  { pattern: '\\?', match: ['a?'], differ: ['a'] },
  { pattern: '^\\u00e9\\t$', match: ['é\t'], differ: ['é', 'e\u0301\t'] },
  { pattern: '^$', match: [''], differ: [' ', '\n'] },
  { pattern: 'a|^b', match: ['xa', 'bx'], differ: ['xb', ''] },
];
