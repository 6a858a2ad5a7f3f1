import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith, outputOf, startKerberos, startPostgres, type TestKerberos } from '../../../testing/index.ts';

const framework = new URL('../../../', import.meta.url);
const whoAmI = 'select gss_authenticated, encrypted, principal from pg_stat_gssapi where pid = pg_backend_pid()';

describeWith(['postgres', 'kerberos'], 'a connection with Kerberos', () => {
  let kerberos: TestKerberos;
  beforeAll(async () => void (kerberos = await startKerberos()));
  afterAll(() => kerberos?.stop());

  /** Runs code in a process of its own, because the library reads the environment that a process was started with. */
  async function inProcess<Result>(code: string, environment: Readonly<Record<string, string>>): Promise<Result> {
    const program = `
      import pg from 'pg';
      const { connect } = await import('${new URL('engines/postgres/connect.ts', framework).href}');
      const { completeAddress, parsePostgresUrl } = await import('${new URL('settings/postgres-url.ts', framework).href}');
      const { KerberosStream } = await import('${new URL('engines/postgres/kerberos/kerberos-stream.ts', framework).href}');
      const open = (url) => connect({ engine: 'postgres', ...completeAddress(parsePostgresUrl(url, 'the URL'), {}, 'postgres') });
      const work = async () => { ${code} };
      const begun = performance.now();
      const failed = (error) => ({ failed: error.code, message: error.message, seconds: (performance.now() - begun) / 1000 });
      console.log(JSON.stringify(await work().catch(failed)));`;
    const output = await outputOf(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: new URL('.', framework).pathname,
      env: { PATH: process.env['PATH'], ...environment },
    });
    return JSON.parse(output) as Result;
  }

  const url = (database: string, query: string, user = 'alice@', port = kerberos.server.port): string =>
    `postgresql://${user}localhost:${port}/${database}?${query}`;

  const asked = (where: string): string => `
    const session = await open('${where}');
    const [row] = await session.query("${whoAmI}");
    const [{ n }] = await session.query("select length(?) as n", ['y'.repeat(300000)]);
    const [{ x }] = await session.query("select repeat('x', 1000000) as x");
    const { bytesRead, bytesWritten } = session.client.connection.stream;
    await session[Symbol.asyncDispose]();
    return { ...row, sent: n, received: x.length, counted: bytesRead > x.length && bytesWritten > n };`;

  it.each([
    ['gssencmode=require', 'encdb', true],
    ['gssencmode=prefer', 'encdb', true],
    ['gssencmode=prefer', 'authdb', true],
    ['useKerberos=true', 'authdb', true],
    ['useKerberos=true&gssencmode=disable', 'authdb', false],
  ])('%s to %s is authenticated, encrypted: %s', async (query, database, encrypted) => {
    expect(await inProcess(asked(url(database, query)), kerberos.environment)).toEqual({
      gss_authenticated: true,
      encrypted,
      principal: 'alice@TEST.DATAKIT',
      sent: 300_000,
      received: 1_000_000,
      counted: true,
    });
  });

  it('takes the user of the ticket where none is named', async () => {
    const work = asked(url('encdb', 'gssencmode=require', ''));
    expect(await inProcess(work, kerberos.environment)).toMatchObject({ principal: 'alice@TEST.DATAKIT' });
  });

  it('needs no ticket where there is a keytab, from the environment or named', async () => {
    const cache = { KRB5CCNAME: 'MEMORY:alone' };
    const fromEnvironment = { ...kerberos.withoutTicket, ...cache, KRB5_CLIENT_KTNAME: `FILE:${kerberos.keytab}` };
    const work = asked(url('encdb', 'gssencmode=require'));
    expect(await inProcess(work, fromEnvironment)).toMatchObject({ encrypted: true });
    const named = asked(
      url('encdb', `gssencmode=require&credentialCache=MEMORY:own&clientKeytab=${kerberos.keytab}`, ''),
    );
    expect(await inProcess(named, kerberos.withoutTicket)).toMatchObject({ encrypted: true });
  });

  it('serves a pool of four, and cancels a statement the same way', async () => {
    const found = await inProcess(
      `
      const config = { host: 'localhost', port: ${kerberos.server.port}, user: 'alice', database: 'encdb', max: 4,
        stream: () => new KerberosStream({ gssencmode: 'require' }) };
      const pool = new pg.Pool(config);
      const encrypted = 'select encrypted, pg_sleep(0.1) from pg_stat_gssapi where pid = pg_backend_pid()';
      const rows = await Promise.all(Array.from({ length: 8 }, () => pool.query(encrypted)));
      const [{ n }] = (await pool.query("select count(*)::int as n from pg_stat_gssapi g join pg_stat_activity using (pid) where g.encrypted")).rows;
      await pool.end();
      const client = new pg.Client(config);
      await client.connect();
      const query = new pg.Query('select pg_sleep(60)');
      const cancelled = new Promise((resolve) => query.on('error', (error) => resolve(error.code)));
      client.query(query);
      setTimeout(() => new pg.Client(config).cancel(client, query), 200);
      const code = await cancelled;
      await client.end();
      return { encrypted: rows.map(({ rows: [row] }) => row.encrypted), connections: n, code };`,
      kerberos.environment,
    );
    expect(found).toEqual({ encrypted: new Array(8).fill(true), connections: 4, code: '57014' });
  });

  it('carries COPY out and in, byte for byte', async () => {
    const found = await inProcess(
      `
      const { default: copy } = await import('pg-copy-streams');
      const { pipeline } = await import('node:stream/promises');
      const place = '${url('encdb', 'gssencmode=require')}';
      const [source, target] = [await open(place), await open(place)];
      await source.execute("create table rows as select g as id, md5(g::text) || repeat(chr(200 + g % 50), g % 90) as text from generate_series(1, 100000) g");
      await source.execute('create table copied (like rows)');
      const out = source.client.query(copy.to('copy rows to stdout (format binary)'));
      await pipeline(out, target.client.query(copy.from('copy copied from stdin (format binary)')));
      const [row] = await source.query("select (select count(*)::int from copied) as rows, (select count(*)::int from (select * from rows except all select * from copied) d) as different");
      await source.execute('drop table rows, copied');
      for (const session of [source, target]) await session[Symbol.asyncDispose]();
      return row;`,
      kerberos.environment,
    );
    expect(found).toEqual({ rows: 100_000, different: 0 });
  });

  it('says within two seconds that there is no ticket, or that it has expired', async () => {
    const work = asked(url('encdb', 'gssencmode=require'));
    const none = await inProcess<{ seconds: number }>(work, kerberos.withoutTicket);
    expect(none).toMatchObject({ failed: 'KERBEROS_NO_TICKET', message: expect.not.stringContaining('password') });
    const cache = await kerberos.shortTicket(1);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const expired = await inProcess<{ seconds: number }>(work, { ...kerberos.environment, KRB5CCNAME: cache });
    expect(expired).toMatchObject({ failed: 'KERBEROS_EXPIRED' });
    expect(Math.max(none.seconds, expired.seconds)).toBeLessThan(2);
  });

  it('goes on without a ticket where it only prefers to encrypt, until the server asks for one', async () => {
    const work = asked(url('authdb', 'gssencmode=prefer'));
    expect(await inProcess(work, kerberos.withoutTicket)).toMatchObject({ failed: 'KERBEROS_NO_TICKET' });
    const trusted = `postgresql://${kerberos.server.user}:${encodeURIComponent(kerberos.server.password)}@localhost:${kerberos.server.port}/postgres?gssencmode=prefer`;
    const byPassword = `
      const session = await open('${trusted}');
      const rows = await session.query('select current_user as name');
      await session[Symbol.asyncDispose]();
      return rows;`;
    expect(await inProcess(byPassword, kerberos.withoutTicket)).toEqual([{ name: kerberos.server.user }]);
  });

  it('says that a service is unknown, or that the server wants no connection of that kind', async () => {
    const unknown = asked(url('encdb', 'gssencmode=require&krbsrvname=unknown'));
    expect(await inProcess(unknown, kerberos.environment)).toMatchObject({ failed: 'KERBEROS_SERVICE_UNKNOWN' });
    const plain = asked(url('encdb', 'useKerberos=true&gssencmode=disable'));
    expect(await inProcess(plain, kerberos.environment)).toMatchObject({ failed: 'AUTH_FAILED' });
  });

  it('says that a server does not encrypt with Kerberos', async () => {
    // The embedded server is built without GSSAPI.
    await using server = await startPostgres({ version: 'embedded' });
    const required = asked(url('postgres', 'gssencmode=require', 'postgres@', server.port));
    expect(await inProcess(required, kerberos.environment)).toMatchObject({ failed: 'KERBEROS_ENCRYPTION_REFUSED' });
  });

  it.each([
    ['bytes after the answer about encryption', 'gssencmode=require', [Buffer.from('GX')], 'KERBEROS_FAILED'],
    ['an answer that means nothing', 'gssencmode=require', [Buffer.from('E')], 'KERBEROS_FAILED'],
    [
      'a welcome in the middle of the authentication',
      'useKerberos=true&gssencmode=disable',
      [Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 7]), Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0])],
      'KERBEROS_FAILED',
    ],
  ])('refuses %s', async (_what, query, answers, code) => {
    const impostor = createServer((socket: Socket) => {
      let answered = 0;
      socket.on('error', () => undefined).on('data', () => void socket.write(answers[answered++] ?? ''));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => impostor.once('listening', resolve));
    try {
      const { port } = impostor.address() as AddressInfo;
      expect(await inProcess(asked(url('encdb', query, 'alice@', port)), kerberos.environment)).toMatchObject({
        failed: code,
      });
    } finally {
      impostor.close();
    }
  });
});
