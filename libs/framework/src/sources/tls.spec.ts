import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseColumnType } from '../model/column-type.ts';
import { mysqlSource, postgresSource, type SourceDefinition } from '../model/source-definition.ts';
import { describeWith, startMariaDB, startPostgres, TestCertificates } from '../testing/index.ts';
import { openSource } from './open-source.ts';

/** A server that lets `strict` in by TLS alone, and `certified` with a certificate of its authority. */
interface TlsSource {
  readonly port: number;
  readonly schema: string;
  define(url: string): SourceDefinition;
  stop(): Promise<void>;
}

const password = 'Pass 1/@';

function describeTls(scheme: string, start: (certificates: TestCertificates) => Promise<TlsSource>): void {
  let certificates: TestCertificates;
  let source: TlsSource;
  beforeAll(async () => {
    certificates = new TestCertificates();
    source = await start(certificates);
  });
  afterAll(async () => {
    await source?.stop();
    certificates?.remove();
  });

  /** The rows of a table that were read that way, or the code of the refusal. */
  async function read(user: string, query: string, host = 'localhost'): Promise<string> {
    const { port, schema, define } = source;
    const url = `${scheme}://${user}:${encodeURIComponent(password)}@${host}:${port}/shop?${query}`;
    try {
      await using opened = await openSource(define(url), { environment: {}, workspaceRoot: '/' });
      const columns = [{ name: 'id', from: 'id', type: parseColumnType('integer') }];
      return await opened.connector.withSnapshot(async (snapshot) => {
        const request = { schema, table: 'item', columns, constants: [], format: 'text-rows' } as const;
        return await text((await snapshot.read(request)).rows);
      });
    } catch (error) {
      expect(String(error)).not.toContain(password);
      return (error as { code: string }).code;
    }
  }
  const root = (file: string): string => `sslrootcert=${certificates.file(file)}`;

  it('is read over TLS where it asks for it, and not without', async () => {
    expect(await read('strict', 'sslmode=require')).toBe('1\n2\n');
    expect(await read('strict', 'sslmode=prefer')).toBe('1\n2\n');
    expect(await read('strict', 'sslmode=disable')).toMatch(/^(AUTH_FAILED|SOURCE_UNAVAILABLE)$/);
  });

  it('is trusted by its authority, and by its name', async () => {
    for (const mode of ['verify-ca', 'verify-full']) {
      expect(await read('strict', `sslmode=${mode}&${root('authority.crt')}`)).toBe('1\n2\n');
      expect(await read('strict', `sslmode=${mode}&${root('stranger.crt')}`)).toBe('SOURCE_UNAVAILABLE');
    }
    expect(await read('strict', `sslmode=verify-ca&${root('authority.crt')}`, '127.0.0.1')).toBe('1\n2\n');
    expect(await read('strict', `sslmode=verify-full&${root('authority.crt')}`, '127.0.0.1')).toMatch(
      /^(OPTION_INVALID|SOURCE_UNAVAILABLE)$/,
    );
    expect(await read('strict', `sslmode=verify-full&${root('none.crt')}`)).toBe('OPTION_INVALID');
  });

  it('is shown a certificate of ours', async () => {
    const own = `sslcert=${certificates.file('client.crt')}&sslkey=${certificates.file('client.key')}`;
    const verified = `sslmode=verify-full&${root('authority.crt')}`;
    expect(await read('certified', `${verified}&${own}`)).toBe('1\n2\n');
    expect(await read('certified', verified)).toBe('AUTH_FAILED');
  });
}

describeWith(['mariadb'], 'MariaDB as a source with TLS', () =>
  describeTls('mariadb', async (certificates) => {
    const file = (name: string): string => certificates.file(name);
    const server = await startMariaDB({
      settings: [`ssl-cert=${file('server.crt')}`, `ssl-key=${file('server.key')}`, `ssl-ca=${file('authority.crt')}`],
    });
    await server.mariadb(
      'mysql',
      `create database shop; create table shop.item (id int primary key); insert into shop.item values (1), (2);
       create user strict@'%' identified by '${password}' require ssl; create user certified@'%' identified by '${password}' require x509;
       grant select on shop.* to strict@'%', certified@'%'`,
    );
    return {
      port: server.port,
      schema: 'shop',
      define: (url) => mysqlSource({ system: 'shop', url }),
      stop: () => server.stop(),
    };
  }),
);

describeWith(['postgres'], 'PostgreSQL as a source with TLS', () =>
  describeTls('postgresql', async (certificates) => {
    const file = (name: string): string => certificates.file(name);
    const server = await startPostgres({
      settings: ['ssl=on', `ssl_cert_file=${file('server.crt')}`, `ssl_ca_file=${file('authority.crt')}`],
      privateKey: readFileSync(file('server.key'), 'utf8'),
      clientRules: [
        'hostssl all certified all cert',
        'hostssl all strict all scram-sha-256',
        'host all strict all reject',
      ],
    });
    await server.psql('postgres', 'create database shop');
    await server.psql(
      'shop',
      `create table item (id int primary key); insert into item values (1), (2);
       create role strict login password '${password}'; create role certified login; grant select on item to strict, certified`,
    );
    return {
      port: server.port,
      schema: 'public',
      define: (url) => postgresSource({ system: 'shop', url }),
      stop: () => server.stop(),
    };
  }),
);
