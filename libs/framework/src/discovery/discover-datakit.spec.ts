import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { outputOf } from '../testing/index.ts';

const framework = join(import.meta.dirname, '..', '..');
const root = mkdtempSync(join(tmpdir(), 'datakit discovery '));

const imports = `import { defineDatakit, table } from '@datakit/framework';\nimport { defineEntity, p } from '@mikro-orm/core';\n`;
const entity = `const Film = defineEntity({ name: 'Film', tableName: 'film', properties: { id: p.integer().primary() } });\n`;
const kit = (fields = ''): string =>
  `${imports}${entity}export default defineDatakit({ name: 'bronze-shop', layer: 'bronze', tables: [Film], ${fields} });\n`;
const marker = JSON.stringify({ kind: 'datakit', layer: 'bronze', entry: 'src/index.ts' });

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly code: 'DATAKIT_INVALID' | 'DATAKIT_UNKNOWN';
  /** What the message or the hint says. */
  readonly says: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  'no datakit.json': { files: { 'src/index.ts': kit() }, code: 'DATAKIT_UNKNOWN', says: ['it has no datakit.json'] },
  'bronze-shoop': { files: { readme: '' }, code: 'DATAKIT_UNKNOWN', says: ['Did you mean', 'bronze-shop?'] },
  'an empty datakit.json': {
    files: { 'datakit.json': '' },
    code: 'DATAKIT_INVALID',
    says: ['datakit.json that is no JSON'],
  },
  'null as datakit.json': { files: { 'datakit.json': 'null' }, code: 'DATAKIT_INVALID', says: ['no JSON object'] },
  'another kind': { files: { 'datakit.json': '{"kind":"pipeline"}' }, code: 'DATAKIT_INVALID', says: ['"kind"'] },
  'no layer': {
    files: { 'datakit.json': '{"kind":"datakit"}' },
    code: 'DATAKIT_INVALID',
    says: ['no layer', 'bronze, silver, gold'],
  },
  'no entry': {
    files: { 'datakit.json': '{"kind":"datakit","layer":"bronze"}' },
    code: 'DATAKIT_INVALID',
    says: ['no "entry"'],
  },
  'an entry that is not there': {
    files: { 'datakit.json': marker },
    code: 'DATAKIT_INVALID',
    says: ['src/index.ts, which is not there'],
  },
  'a project.json that is no JSON': {
    files: { 'datakit.json': marker, 'src/index.ts': kit(), 'project.json': '{' },
    code: 'DATAKIT_INVALID',
    says: ['project.json that is no JSON'],
  },
  'a syntax error': {
    files: { 'datakit.json': marker, 'src/index.ts': `${imports}\n\nconst film = {{;\n${kit()}` },
    code: 'DATAKIT_INVALID',
    says: ['src/index.ts:5'],
  },
  'a syntax error in an entity': {
    files: {
      'datakit.json': marker,
      'src/index.ts': `import './film.ts';\n${kit()}`,
      'src/film.ts': '\n\nexport const = 5;\n',
    },
    code: 'DATAKIT_INVALID',
    says: ['src/film.ts:3'],
  },
  'code that throws': {
    files: { 'datakit.json': marker, 'src/index.ts': `${kit()}\n\nthrow new Error('in the entity');\n` },
    code: 'DATAKIT_INVALID',
    says: ['in the entity', 'src/index.ts:7'],
  },
  'an enum, which cannot be stripped': {
    files: { 'datakit.json': marker, 'src/index.ts': `${kit()}enum Mood { ok }\n` },
    code: 'DATAKIT_INVALID',
    says: ['src/index.ts:5'],
  },
  'an import that is not there': {
    files: { 'datakit.json': marker, 'src/index.ts': `import './not-there.ts';\n${kit()}` },
    code: 'DATAKIT_INVALID',
    says: ['not-there.ts', 'npm install'],
  },
  'no default export': {
    files: { 'datakit.json': marker, 'src/index.ts': 'export const x = 1;\n' },
    code: 'DATAKIT_INVALID',
    says: ['export default defineDatakit'],
  },
  'a default export of something else': {
    files: { 'datakit.json': marker, 'src/index.ts': 'export default { name: 1 };\n' },
    code: 'DATAKIT_INVALID',
    says: ['export default defineDatakit'],
  },
  'no entities': {
    files: {
      'datakit.json': marker,
      'src/index.ts': `${imports}export default defineDatakit({ name: 'a', layer: 'bronze', tables: [] });`,
    },
    code: 'DATAKIT_INVALID',
    says: ['has no tables'],
  },
  'two tables of one name': {
    files: {
      'datakit.json': marker,
      'src/index.ts': kit(
        `tables: [Film, table(defineEntity({ name: 'Movie', tableName: 'film', properties: { id: p.integer().primary() } }))]`,
      ),
    },
    code: 'DATAKIT_INVALID',
    says: ['two tables named "film"'],
  },
  'another layer': {
    files: { 'datakit.json': marker.replace('bronze', 'gold'), 'src/index.ts': kit() },
    code: 'DATAKIT_INVALID',
    says: ['"gold"', '"bronze"'],
  },
  'another name': {
    files: { 'datakit.json': marker, 'src/index.ts': kit(), 'package.json': '{"name":"@shop/gold-shop"}' },
    code: 'DATAKIT_INVALID',
    says: ['"gold-shop"', '"bronze-shop"'],
  },
};

interface Discovered {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
}

describe('discovering a datakit', () => {
  let found: Record<string, Discovered>;

  // Jest loads modules in its own way, so the real one is asked, in one process for all cases.
  beforeAll(async () => {
    mkdirSync(join(root, 'node_modules', '@datakit'), { recursive: true });
    symlinkSync(framework, join(root, 'node_modules', '@datakit', 'framework'));
    symlinkSync(join(framework, '..', '..', 'node_modules', '@mikro-orm'), join(root, 'node_modules', '@mikro-orm'));
    write('bronze-shop', {
      'datakit.json': marker,
      'src/index.ts': kit(),
      'package.json': '{"name":"@shop/bronze-shop"}',
    });
    for (const [name, { files }] of Object.entries(cases)) write(name, files);
    const program = `
      import { discoverDatakit } from '${framework}/src/discovery/discover-datakit.ts';
      const found = {};
      for (const path of ${JSON.stringify([...Object.keys(cases), 'bronze-shop', 'bronze-shop/datakit.json', 'not there'])}) {
        found[path] = await discoverDatakit(path).then(({ name }) => ({ name }), ({ code, message, hint }) => ({ code, message, hint }));
      }
      console.log(JSON.stringify(found));`;
    const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
    found = JSON.parse(
      await outputOf(process.execPath, args, { cwd: root, env: { ...process.env, NODE_OPTIONS: '' } }),
    ) as typeof found;
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(Object.entries(cases))('with %s says what is wrong, and where', (name, { code, says }) => {
    const { message, hint, ...rest } = found[name] as Discovered;
    expect(rest).toEqual({ code });
    for (const text of says) expect(`${message}\n${hint}`).toContain(text);
    expect(message?.split('\n')).toHaveLength(1);
    expect(message).toMatch(/^(The datakit at |There is no datakit at |Datakit ")/);
    expect(message).not.toContain(root);
  });

  it('finds it by its folder and by its file', () => {
    expect([found['bronze-shop'], found['bronze-shop/datakit.json']]).toEqual([
      { name: 'bronze-shop' },
      { name: 'bronze-shop' },
    ]);
    expect(found['not there']).toMatchObject({ code: 'DATAKIT_UNKNOWN' });
  });
});

function write(name: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, name, path, '..'), { recursive: true });
    writeFileSync(join(root, name, path), content);
  }
}
