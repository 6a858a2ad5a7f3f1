import ts from 'typescript';
import { describe, expect, it } from '@jest/globals';
import { mergeCode } from './merge-code.ts';

const entity = (properties: string, rest = ''): string =>
  `import { p } from 'orm';\n\nexport const A = defineEntity({\n  name: 'A',\n  properties: {\n${properties}    ...meta,\n  },\n${rest}});\n`;
const entry = (names: readonly string[], tables = names): string =>
  `import { defineDatakit } from '@datakit/framework';\n${names.map((name) => `import { ${name} } from './${name}.ts';\n`).join('')}\nexport { ${names.join(', ')} };\n\nexport default defineDatakit({ name: 'a', tables: [\n${tables.map((table) => `  ${table},\n`).join('')}] });\n`;
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('merging generated code into code that people have worked on', () => {
  it('adds, changes and takes away properties beside those of others', () => {
    const { text, conflicts } = mergeCode(
      entity('    a: p.a(),\n    b: p.b(),\n    c: p.c(),\n'),
      entity(
        '    // Of the source.\n    a: p.aa(),\n    c: p.c(),\n    d: p.d(),\n',
        `  indexes: [{ properties: ['a'] }],\n`,
      ),
      entity('    // Ours.\n    own: p.own(),\n    a: p.a(),\n    b: p.b(),\n    c: p.c().ours(),\n'),
      ts,
    );
    expect(conflicts).toEqual([]);
    expect(plain(text)).toBe(
      plain(
        entity(
          '// Ours.\n own: p.own(),\n // Of the source.\n a: p.aa(),\n c: p.c().ours(),\n d: p.d(),\n',
          `  indexes: [{ properties: ['a'] }],\n`,
        ),
      ),
    );
  });

  it('keeps what both changed, and names it', () => {
    const current = entity('    a: p.ours(),\n');
    const { text, conflicts } = mergeCode(entity('    a: p.a(),\n'), entity('    a: p.theirs(),\n'), current, ts);
    expect([text, conflicts]).toEqual([current, ['properties: a']]);
  });

  it('keeps what somebody took away', () => {
    const [base, wanted] = [entity('    a: p.a(),\n    b: p.b(),\n'), entity('    a: p.a(),\n    b: p.bb(),\n')];
    const { text, conflicts } = mergeCode(base, wanted, entity('    a: p.a(),\n'), ts);
    expect([text, conflicts]).toEqual([entity('    a: p.a(),\n'), ['properties: b']]);
  });

  it('lists new tables and drops old ones around those with options of somebody', () => {
    const { text, conflicts } = mergeCode(
      entry(['A', 'B', 'C']),
      entry(['A', 'C', 'D'], ['A', 'C', 'table(D, { keyless: true })']),
      entry(['A', 'B', 'C', 'Own'], ['table(A, { mine: 1 })', 'B', 'C', 'Own']),
      ts,
    );
    expect(conflicts).toEqual([]);
    expect(plain(text)).toBe(
      plain(entry(['A', 'C', 'D', 'Own'], ['table(A, { mine: 1 })', 'C', 'table(D, { keyless: true })', 'Own'])),
    );
  });

  it('is the generated text where nobody changed anything, but for layout', () => {
    const [base, wanted] = [entry(['A', 'B']), entry(['B', 'C'])];
    expect(plain(mergeCode(base, wanted, base.replaceAll(',\n', ',\n\n'), ts).text)).toBe(plain(wanted));
  });
});
