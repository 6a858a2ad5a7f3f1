import { describe, expect, it } from '@jest/globals';
import { resolveTarget, type ResolvedTarget } from './resolve-target.ts';
import type { TargetDefinition } from './target-definition.ts';

function resolve(name: string, targets: Record<string, TargetDefinition> = {}): ResolvedTarget['where'] {
  return resolveTarget({ name }, { workspaceRoot: '/workspace', targets }).where;
}

describe('a container target', () => {
  it.each([
    ['postgres_container', 'postgres', 5433, 'postgres', 'postgres', 'postgres:15.8', 'POSTGRES_PASSWORD'],
    ['mysql_container', 'mysql', 3307, 'root', 'test_pass', 'mysql:8.0', 'MYSQL_ROOT_PASSWORD'],
    ['mariadb_container', 'mariadb', 3308, 'root', 'test_pass', 'mariadb:10.11', 'MARIADB_ROOT_PASSWORD'],
  ])(
    '%s is a server of its engine at its port, else its image',
    (name, engine, port, user, password, image, variable) => {
      expect(resolve(name)).toMatchObject({
        kind: 'container',
        place: { engine, host: 'localhost', port, user, password, database: 'datakit' },
        specification: { image, user, password, environment: { [variable]: password } },
      });
    },
  );

  it('keeps of a predefined one what the workspace does not override', () => {
    const container = { image: 'postgres:17-alpine', environment: { LANG: 'C' } };
    expect(resolve('postgres_container', { postgres_container: { container, password: 'other' } })).toMatchObject({
      place: { port: 5433, password: 'other' },
      specification: {
        image: 'postgres:17-alpine',
        environment: { LANG: 'C', POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'other' },
        command: expect.arrayContaining(['fsync=off']),
      },
    });
  });

  it('needs no more than engine and image, and then looks for no other server', () => {
    const where = resolve('mine', { mine: { type: 'mysql', container: { image: 'mysql:9', command: ['--x'] } } });
    expect(where).toMatchObject({
      kind: 'container',
      specification: { image: 'mysql:9', command: ['--x'], port: 3306 },
    });
    expect(where).not.toHaveProperty('place');
  });

  it('is a server like any other where its URL variable says so', () => {
    process.env['DATAKIT_POSTGRES_CONTAINER_URL'] = 'postgresql://me@db:7/x';
    try {
      expect(resolve('postgres_container')).toMatchObject({
        kind: 'place',
        place: { host: 'db', port: 7, user: 'me' },
      });
    } finally {
      delete process.env['DATAKIT_POSTGRES_CONTAINER_URL'];
    }
  });

  it('does not listen to the variables of servers that somebody runs', () => {
    process.env['PGHOST'] = 'production';
    try {
      expect(resolve('postgres_container')).toMatchObject({ place: { host: 'localhost' } });
    } finally {
      delete process.env['PGHOST'];
    }
  });

  it.each<[string, object, string]>([
    ['no image', { type: 'postgres', container: {} }, 'without "image"'],
    ['an engine without servers', { type: 'sqlite', container: { image: 'a' } }, 'no container can hold "sqlite"'],
    ['a URL, too', { url: 'postgresql://db/x', container: { image: 'a' } }, 'both "container" and "url"'],
    ['a mistyped part', { type: 'postgres', container: { imgae: 'a' } }, 'has no "imgae"'],
    ['a command in one text', { type: 'postgres', container: { image: 'a', command: '-c x=y' } }, 'a list of texts'],
    ['a number in the environment', { type: 'postgres', container: { image: 'a', environment: { A: 1 } } }, 'texts'],
    ['a text', { type: 'postgres', container: 'postgres:15' }, 'is no object'],
    ['a variable that is not set', { type: 'postgres', container: { image: '${NO_SUCH_IMAGE}' } }, 'NO_SUCH_IMAGE'],
  ])('is refused with %s', (_, definition, message) => {
    const refusal = expect(() => resolve('mine', { mine: definition }));
    refusal.toThrow(expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(message) }));
  });
});
