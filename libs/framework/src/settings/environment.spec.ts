import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fillVariables, readEnvironment, readVariable, variablesIn } from './environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'datakit-environment-'));
beforeAll(() => {
  const files = { '.env': 'base', '.env.local': 'local', '.env.prod': 'target', '.env.prod.local': 'target-local' };
  let names: string[] = [];
  for (const [file, value] of Object.entries(files)) {
    names = [...names, `DK_${value.replace('-', '_')}`];
    writeFileSync(
      join(folder, file),
      ['DK_LAST', 'PATH', ...names].map((name) => `${name}='${value} $x # "'`).join('\n'),
    );
  }
  writeFileSync(join(folder, 'secret'), 'pass\nword \n\n', { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the environment', () => {
  it('is that of the process, then of the files, the more special first', () => {
    expect(readEnvironment(folder)).toMatchObject({ DK_LAST: 'local $x # "', PATH: process.env['PATH'] });
    expect(readEnvironment(folder, 'prod')).toMatchObject({
      DK_LAST: 'target-local $x # "',
      DK_base: 'target-local $x # "',
    });
    expect(readEnvironment(folder, 'other')['DK_target']).toBeUndefined();
    expect(readEnvironment(join(folder, 'nowhere'))['DK_LAST']).toBeUndefined();
  });

  it('takes a secret from a mounted file, without the newline at its end', () => {
    const environment = {
      DK_FILE: join(folder, 'secret'),
      EMPTY: '',
      EMPTY_FILE: join(folder, 'secret'),
      SET: 'x',
      SET_FILE: '/none',
    };
    expect(readVariable(environment, 'DK')).toBe('pass\nword');
    expect(readVariable(environment, 'EMPTY')).toBe('pass\nword');
    expect(readVariable(environment, 'SET')).toBe('x');
    expect(readVariable(environment, 'NOT_SET')).toBeUndefined();
  });

  it('says which file of a secret cannot be read', () => {
    expect(() => readVariable({ DK_FILE: join(folder, 'none') }, 'DK')).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: 'DK_FILE names a file that cannot be read.' }),
    );
    chmodSync(join(folder, 'secret'), 0o600);
  });
});

describe('a text with variables', () => {
  it('is filled, also with values that look like variables or patterns', () => {
    expect(fillVariables('a${X}b${Y}$Z${not-a-name}', { X: '$&${Y}', Y: "$1$'" }, 'It')).toBe(
      "a$&${Y}b$1$'$Z${not-a-name}",
    );
    expect(variablesIn('${A}:${B_2}@${A}')).toEqual(['A', 'B_2', 'A']);
  });

  it('names everything that is not set, and no value', () => {
    expect(() => fillVariables('${SET}${A}${B}', { SET: 'hunter2' }, 'The target x')).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: 'The target x needs A, B, which are not set.' }),
    );
  });
});
