import { expect, test } from '@jest/globals';
import { checkPluginOptions } from './plugin-options.ts';

test.each([
  [{ targets: { db: { password: 'hunter2' } } }, 'OPTION_INVALID'],
  [{ targets: { db: { url: 'postgresql://me:hunter2@db/x' } } }, 'OPTION_INVALID'],
  [{ targets: { db: { url: 'postgresql://db/x?password=hunter2' } } }, 'OPTION_INVALID'],
  [{ targets: { db: { container: { environment: { POSTGRES_PASSWORD: 'hunter2' } } } } }, 'OPTION_INVALID'],
  [{ targets: { postgres_container: { container: { imag: 'postgres:17' } } } } as object, 'OPTION_INVALID'],
  [{ targets: { 'a:b': {} } }, 'OPTION_INVALID'],
  [{ targets: JSON.parse('{ "__proto__": {} }') }, 'OPTION_INVALID'],
  [{ target: {} } as object, 'OPTION_INVALID'],
  [{ defaultTarget: 'sqlite_fiel' }, 'TARGET_UNKNOWN'],
])('%j is refused', (options, code) => {
  expect(() => checkPluginOptions(options)).toThrow(expect.objectContaining({ code }));
  expect(() => checkPluginOptions(options)).not.toThrow(/hunter2/);
});

test('a password may come from the environment', () => {
  const targets = {
    a: { password: '${A}' },
    b: { url: 'postgresql://me:${B}@db/x?password=${C}' },
    c: { url: 'sqlite:x' },
    d: { container: { environment: { MYSQL_ROOT_PASSWORD: '${D}', MYSQL_RANDOM_ROOT_PASSWORD: 'yes' } } },
  };
  expect(checkPluginOptions({ defaultTarget: 'a', targets })).toEqual({ defaultTarget: 'a', targets });
  expect(checkPluginOptions(undefined)).toEqual({ targets: {} });
});
