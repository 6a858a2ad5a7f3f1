import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { completeAddress, parsePostgresUrl } from '../settings/postgres-url.ts';
import { completeMysqlAddress, parseMysqlUrl } from '../settings/mysql-url.ts';
import { describeWith, startMariaDB, startPostgres, TestCertificates } from '../testing/index.ts';
import { loadEngine } from './engine-registry.ts';
import type { Place } from './place.ts';

/** What a server of the contract gives: where it is, with TLS and without. */
interface TlsServer {
  /** A URL of the server that has TLS, or of the one that has none. */
  url(has: 'tls' | 'no tls', query: string, host?: string): string;
  /** The place that such a URL leads to. */
  place(url: string): Place;
  /** SQL that tells whether the session is encrypted. */
  readonly isEncrypted: string;
  /** A role that only comes in with a certificate, where the server can ask for one. */
  readonly certificateUser?: string;
  /** The code of a host that is an address, where its name is to be checked. */
  readonly unnamed: string;
  stop(): Promise<void>;
}

function tlsContract(name: string, start: (certificates: TestCertificates) => Promise<TlsServer>): void {
  describe(`TLS to ${name}`, () => {
    let certificates: TestCertificates;
    let server: TlsServer;
    beforeAll(async () => {
      certificates = new TestCertificates();
      server = await start(certificates);
    });
    afterAll(async () => {
      await server?.stop();
      certificates?.remove();
    });

    /** `encrypted`, `plain`, or the code of the refusal. */
    async function outcome(url: string): Promise<string> {
      const place = server.place(url);
      const engine = await loadEngine(place.engine);
      try {
        await using session = await engine.connect(place);
        const [row] = await session.query<{ encrypted: unknown }>(server.isEncrypted);
        return row?.encrypted ? 'encrypted' : 'plain';
      } catch (error) {
        return (error as { code: string }).code;
      }
    }

    const root = (file: string): string => `&sslrootcert=${certificates.file(file)}`;

    it.each([
      ['disable', 'plain', 'plain'],
      ['allow', 'plain', 'plain'],
      ['prefer', 'encrypted', 'plain'],
      ['require', 'encrypted', 'TARGET_UNREACHABLE'],
    ])('%s: %s where the server has TLS, %s where it has none', async (mode, withTls, without) => {
      expect(await outcome(server.url('tls', `sslmode=${mode}`))).toBe(withTls);
      expect(await outcome(server.url('no tls', `sslmode=${mode}`))).toBe(without);
    });

    it('knows who signed the certificate, and for which host', async () => {
      for (const mode of ['verify-ca', 'verify-full']) {
        const by = (authority: string, host: string): string =>
          server.url('tls', `sslmode=${mode}${root(`${authority}.crt`)}`, host);
        expect([mode, await outcome(by('authority', 'localhost'))]).toEqual([mode, 'encrypted']);
        expect([mode, await outcome(by('stranger', 'localhost'))]).toEqual([mode, 'TARGET_UNREACHABLE']);
        const byAddress = mode === 'verify-full' ? server.unnamed : 'encrypted';
        expect([mode, await outcome(by('authority', '127.0.0.1'))]).toEqual([mode, byAddress]);
      }
      expect(await outcome(server.url('tls', `sslmode=require${root('stranger.crt')}`))).toBe('TARGET_UNREACHABLE');
    });

    it('shows its own certificate to a server that asks for one', async () => {
      const user = server.certificateUser;
      if (user === undefined) return;
      const as = (query: string): string =>
        server.url('tls', `sslmode=require${query}`).replace(/\/\/[^@]*@/, `//${user}@`);
      const own = `&sslcert=${certificates.file('client.crt')}&sslkey=${certificates.file('client.key')}`;
      expect(await outcome(as(own))).toBe('encrypted');
      expect(await outcome(as(''))).toBe('AUTH_FAILED');
    });

    it('refuses modes that there are not, halves of a pair, and files that cannot be read', async () => {
      const place = (query: string) => () => server.place(server.url('tls', query));
      expect(place('sslmode=verify')).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
      expect(place('sslmode=verify-full')).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
      expect(place('sslmode=require&sslcert=/x')).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
      expect(place('ssl_mode=require')).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
      expect(await outcome(server.url('tls', `sslmode=verify-full${root('none.crt')}`))).toBe('OPTION_INVALID');
    });
  });
}

describeWith(['postgres'], 'as installed', () =>
  tlsContract('PostgreSQL', async (certificates) => {
    const [withTls, without] = await Promise.all([
      startPostgres({
        settings: [
          'ssl=on',
          `ssl_cert_file=${certificates.file('server.crt')}`,
          `ssl_ca_file=${certificates.file('authority.crt')}`,
        ],
        privateKey: readFileSync(certificates.file('server.key'), 'utf8'),
        clientRules: ['hostssl all certified all cert'],
      }),
      startPostgres(),
    ]);
    await withTls.psql('postgres', 'create role certified login');
    return {
      url: (has, query, host = 'localhost') => {
        const { user, password, port } = has === 'tls' ? withTls : without;
        return `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/postgres?${query}`;
      },
      place: (url) => ({ engine: 'postgres', ...completeAddress(parsePostgresUrl(url, 'The URL'), {}, 'postgres') }),
      isEncrypted: 'select ssl as encrypted from pg_stat_ssl where pid = pg_backend_pid()',
      certificateUser: 'certified',
      unnamed: 'TARGET_UNREACHABLE',
      stop: async () => {
        await Promise.all([withTls.stop(), without.stop()]);
      },
    };
  }),
);

describeWith(['mariadb'], 'as installed', () =>
  tlsContract('MariaDB', async (certificates) => {
    const file = (name: string): string => certificates.file(name);
    const [withTls, without] = await Promise.all([
      startMariaDB({
        settings: [
          `ssl-cert=${file('server.crt')}`,
          `ssl-key=${file('server.key')}`,
          `ssl-ca=${file('authority.crt')}`,
        ],
      }),
      startMariaDB({ settings: ['skip-ssl'] }),
    ]);
    await withTls.mariadb('mysql', `create user certified@'%' require x509`);
    return {
      url: (has, query, host = 'localhost') => {
        const { user, password, port } = has === 'tls' ? withTls : without;
        return `mariadb://${user}:${encodeURIComponent(password)}@${host}:${port}/information_schema?${query}`;
      },
      place: (url) => ({ engine: 'mariadb', ...completeMysqlAddress(parseMysqlUrl(url, 'The URL'), {}, 'mysql') }),
      isEncrypted: `select variable_value <> '' as encrypted from information_schema.session_status where variable_name = 'Ssl_cipher'`,
      certificateUser: 'certified',
      unnamed: 'OPTION_INVALID',
      stop: async () => {
        await Promise.all([withTls.stop(), without.stop()]);
      },
    };
  }),
);
