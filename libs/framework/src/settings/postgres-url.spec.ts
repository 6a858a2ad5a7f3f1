import { describe, expect, it } from '@jest/globals';
import { completeAddress, parsePostgresUrl } from './postgres-url.ts';

describe('a PostgreSQL URL', () => {
  it.each([`p@ss:w/o?r#d%`, `'"; drop table x; --`, '\\ ${PATH} $& %20', 'пароль 😀', ' ', '%', '+', '[::1]'])(
    'carries the password %j',
    (password) => {
      const url = `postgresql://us%65r:${encodeURIComponent(password)}@db:5433/my%20db`;
      expect(parsePostgresUrl(url, 'It')).toEqual({
        host: 'db',
        port: 5433,
        user: 'user',
        password,
        database: 'my db',
      });
    },
  );

  it.each([
    ['postgresql://', {}],
    ['postgres:///db', { database: 'db' }],
    [
      'postgresql://u@/db?host=/var/run/postgresql&port=5433',
      { user: 'u', database: 'db', host: '/var/run/postgresql', port: 5433 },
    ],
    ['postgresql://%2Fvar%2Frun/db', { host: '/var/run', database: 'db' }],
    ['postgresql://[::1]:5432/db', { host: '::1', port: 5432, database: 'db' }],
    ['postgresql://h?user=u&password=p%40&dbname=d', { host: 'h', user: 'u', password: 'p@', database: 'd' }],
    ['postgresql://:secret@h/d', { host: 'h', password: 'secret', database: 'd' }],
  ])('%s is read', (url, address) => expect(parsePostgresUrl(url, 'It')).toEqual(address));

  it.each([
    'postgresql://u:hunter2@ss@h/d',
    'postgresql://u:hunter2#x@h/d',
    'postgresql://u:hunter2/x@h/d',
    'mysql://u:hunter2@h/d',
    'u:hunter2@h',
    'postgresql://u:hunter2%@h/d',
    'postgresql://u:hunter2%ff@h/d',
    'postgresql://u:hunter2@h:port/d',
    ' postgresql://u:hunter2@h/d',
  ])('%s is refused without showing it', (url) => {
    let thrown: (Error & { code?: string }) | undefined;
    try {
      parsePostgresUrl(url, 'The URL of x');
    } catch (error) {
      thrown = error as Error;
    }
    expect(thrown).toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('The URL of x') });
    expect(`${thrown?.message}${JSON.stringify(thrown)}`).not.toContain('hunter2');
  });

  it('is completed from the variables of libpq, else from this machine', () => {
    const environment = { PGHOST: 'db', PGPORT: '5433', PGUSER: 'u', PGPASSWORD: 'p', PGDATABASE: 'd' };
    expect(completeAddress({}, environment, 'fallback')).toEqual({
      host: 'db',
      port: 5433,
      user: 'u',
      password: 'p',
      database: 'd',
      tls: { sslmode: 'prefer' },
    });
    expect(
      completeAddress({ host: 'x', port: 1, user: 'y', password: 'z', database: 'w' }, environment, 'fallback'),
    ).toEqual({
      host: 'x',
      port: 1,
      user: 'y',
      password: 'z',
      database: 'w',
      tls: { sslmode: 'prefer' },
    });
    expect(completeAddress({ port: 1 }, {}, 'fallback')).toMatchObject({
      host: 'localhost',
      database: 'fallback',
      password: undefined,
      tls: { sslmode: 'allow' },
    });
  });

  it('is secured as its URL, then the variables of libpq say', () => {
    const given = parsePostgresUrl('postgresql://db/d?sslmode=verify-full&sslrootcert=/ca.crt&gssencmode=require', 'x');
    const environment = { PGSSLMODE: 'disable', PGKRBSRVNAME: 'pg', PGUSER: '' };
    expect(completeAddress(given, environment, 'fallback')).toMatchObject({
      tls: { sslmode: 'verify-full', sslrootcert: '/ca.crt' },
      kerberos: { gssencmode: 'require', krbsrvname: 'pg', takesUserFromTicket: true },
    });
    expect(completeAddress({}, { PGHOST: 'db', PGSSLMODE: 'require' }, 'd').tls).toEqual({ sslmode: 'require' });
    expect(completeAddress({ host: '/run', user: 'u' }, { PGGSSENCMODE: 'prefer' }, 'd').kerberos).toBeUndefined();
    for (const query of ['sslmode=no', 'gssencmode=yes', 'useKerberos=1', 'useKerberos=false&gssencmode=require']) {
      const unusable = parsePostgresUrl(`postgresql://db/d?${query}`, 'x');
      expect(() => completeAddress(unusable, {}, 'd')).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    }
    expect(() => parsePostgresUrl('postgresql://db/d?sslmod=require', 'x')).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', hint: expect.stringContaining('sslmode') }),
    );
  });

  it.each(['0', '-1', '65536', 'abc', ''])('with the port %j in PGPORT is refused or falls back', (PGPORT) => {
    if (PGPORT === '') return expect(completeAddress({ host: 'h' }, { PGPORT }, 'd').port).toBe(5432);
    expect(() => completeAddress({ host: 'h' }, { PGPORT }, 'd')).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
