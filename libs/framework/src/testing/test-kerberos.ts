import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, runGuarded, stopGuarded, unprivilegedOwner, type Owner } from './guarded-server.ts';
import { outputOf } from './run-program.ts';
import { startPostgres } from './test-servers.ts';
import type { TestPostgres } from './test-postgres.ts';

const realm = 'TEST.DATAKIT';

/** A realm with a KDC, the principal `alice`, and a PostgreSQL at `localhost` that knows its tickets. */
export interface TestKerberos extends AsyncDisposable {
  /** Databases of alice: `encdb` only takes encrypted connections, `authdb` any that authenticate. */
  readonly server: TestPostgres;
  /** What a process needs to find the realm and alice's ticket: the library reads the environment it was started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same without a ticket. */
  readonly withoutTicket: Readonly<Record<string, string>>;
  /** A keytab of alice. */
  readonly keytab: string;
  /** Gets a ticket that is valid for some seconds into a cache of its own. @returns the cache */
  shortTicket(seconds: number): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a KDC on a free port of 127.0.0.1 and a PostgreSQL of the machine; both end with the tests. */
export async function startKerberos(): Promise<TestKerberos> {
  const owner = unprivilegedOwner('postgres');
  const folder = mkdtempSync(join(tmpdir(), 'datakit-kdc-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'kdc'), { mode: 0o700 });
  const file = (name: string): string => join(folder, name);
  const kdcPort = await freePort();
  // On one line the block of a realm is ignored, and nothing says so.
  writeFileSync(
    file('krb5.conf'),
    `[libdefaults]
  default_realm = ${realm}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
[realms]
  ${realm} = {
    kdc = 127.0.0.1:${kdcPort}
  }
[domain_realm]
  localhost = ${realm}
`,
  );
  writeFileSync(
    file('kdc.conf'),
    `[kdcdefaults]
  kdc_listen = 127.0.0.1:${kdcPort}
  kdc_tcp_listen = 127.0.0.1:${kdcPort}
[realms]
  ${realm} = {
    database_name = ${file('kdc/principal')}
    key_stash_file = ${file('kdc/stash')}
    acl_file = ${file('kdc/acl')}
    max_life = 10h 0m 0s
  }
`,
  );
  for (const path of [folder, file('kdc')]) own(path, owner);
  const withoutTicket = { KRB5_CONFIG: file('krb5.conf'), KRB5CCNAME: `FILE:${file('no-tickets')}` };
  const environment = { ...withoutTicket, KRB5CCNAME: `FILE:${file('alice.tickets')}` };
  const env = { ...process.env, ...environment, KRB5_KDC_PROFILE: file('kdc.conf') };
  const run = (program: string, ...args: string[]): Promise<string> =>
    outputOf(program, args, { ...owner, cwd: folder, env });
  const administer = (query: string): Promise<string> => run('/usr/sbin/kadmin.local', '-r', realm, '-q', query);
  await run('/usr/sbin/kdb5_util', 'create', '-s', '-r', realm, '-P', 'master');
  await administer('addprinc -randkey postgres/localhost');
  await administer(`ktadd -k ${file('server.keytab')} postgres/localhost`);
  await administer('addprinc -randkey alice');
  await administer(`ktadd -k ${file('alice.keytab')} alice`);
  const kdc = runGuarded(['/usr/sbin/krb5kdc', '-n', '-r', realm], folder, owner, 'TERM', env);
  chmodSync(file('alice.keytab'), 0o644);
  const server = await startPostgres({
    settings: [`krb_server_keyfile=FILE:${file('server.keytab')}`],
    environment: { KRB5_CONFIG: file('krb5.conf') },
    clientRules: [
      `hostgssenc encdb all 127.0.0.1/32 gss include_realm=0 krb_realm=${realm}`,
      'host encdb all 127.0.0.1/32 reject',
      `host authdb all 127.0.0.1/32 gss include_realm=0 krb_realm=${realm}`,
    ],
  });
  await server.psql('postgres', 'create role alice login');
  for (const database of ['encdb', 'authdb']) await server.psql('postgres', `create database ${database} owner alice`);
  const initialise = (cache: string, ...options: string[]): Promise<string> =>
    outputOf('kinit', ['-c', cache, ...options, '-k', '-t', file('alice.keytab'), 'alice'], { env });
  await untilAnswers(
    () => initialise(environment.KRB5CCNAME),
    () => readFileSync(file('log'), 'utf8'),
  );
  let shortTickets = 0;
  const stop = async (): Promise<void> => {
    await server.stop();
    await stopGuarded(kdc);
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    server,
    environment,
    withoutTicket,
    keytab: file('alice.keytab'),
    shortTicket: async (seconds) => {
      const cache = `FILE:${file(`short-${shortTickets++}`)}`;
      await initialise(cache, '-l', `${seconds}s`);
      return cache;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function own(path: string, { uid, gid }: Owner): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

async function untilAnswers(ask: () => Promise<unknown>, log: () => string): Promise<void> {
  for (const deadline = Date.now() + 20_000; ;) {
    try {
      return void (await ask());
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`The KDC did not start: ${log()}`, { cause: error });
      await sleep(100);
    }
  }
}
