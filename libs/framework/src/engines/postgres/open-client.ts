import type { Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type pg from 'pg';
import type { KerberosSettings, TlsSettings } from '../../settings/connection-security.ts';
import type { ServerPlace } from '../place.ts';
import { tlsAttempts, tlsOptions } from '../tls.ts';
import { closeClient } from './liveness.ts';

type PostgresPlace = ServerPlace<'postgres'>;

/**
 * Opens a client in the way that the place says: password, TLS, Kerberos.
 *
 * @param options for the driver beside the place
 * @throws the driver's errors, KERBEROS_…, OPTION_INVALID
 */
export async function openClient(place: PostgresPlace, options: pg.ClientConfig): Promise<pg.Client> {
  if (place.kerberos) return openWithKerberos(place, options);
  const attempts = place.host.startsWith('/') ? [false] : tlsAttempts(place.tls?.sslmode);
  for (const [index, encrypted] of attempts.entries()) {
    try {
      const ssl = encrypted && place.tls ? await tlsOptions(place.tls, place.host) : false;
      return await open({ ...addressOf(place), ...options, ssl });
    } catch (error) {
      if (index === attempts.length - 1 || !refusesThisWay(error, encrypted)) throw error;
    }
  }
  throw new TypeError('there is always one way to try');
}

async function open(config: pg.ClientConfig): Promise<pg.Client> {
  const { default: postgres } = await import('pg');
  const client = new postgres.Client(config);
  // Without a listener a connection that dies while idle would end the process; the next query reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await closeClient(client);
    throw error;
  }
}

function addressOf({ host, port, user, password, database }: PostgresPlace): pg.ClientConfig {
  return { host, port, user, database, ...(password === undefined ? {} : { password }) };
}

/** The server answers, and does not want TLS, or not without it; `28000` is a missing line of pg_hba.conf. */
function refusesThisWay(error: unknown, encrypted: boolean): boolean {
  const { code, message } = error as { code?: string; message: string };
  return code === '28000' || (encrypted && /SSL|TLS/i.test(`${code} ${message}`));
}

async function openWithKerberos(place: PostgresPlace, options: pg.ClientConfig): Promise<pg.Client> {
  const [{ KerberosStream }, { ticketUser }] = await Promise.all([
    import('./kerberos/kerberos-stream.ts'),
    import('./kerberos/ticket-user.ts'),
  ]);
  const { takesUserFromTicket, ...kerberos } = place.kerberos as KerberosSettings;
  const user = takesUserFromTicket ? await ticketUser(kerberos) : place.user;
  const { tls } = place;
  const upgrade =
    tls && tlsAttempts(tls.sslmode)[0] ? (socket: Socket, host: string) => upgradeToTls(socket, host, tls) : undefined;
  const stream = (): InstanceType<typeof KerberosStream> =>
    new KerberosStream({ ...kerberos, ...(upgrade ? { upgrade } : {}) });
  return open({ ...addressOf(place), user, ...options, stream: stream as never, ssl: false });
}

/** `SSLRequest` of the PostgreSQL protocol. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Encrypts a connected socket with TLS, or leaves it as it is where the mode allows that and the server has none. */
async function upgradeToTls(socket: Socket, host: string, settings: TlsSettings): Promise<Socket | TLSSocket> {
  const answer = new Promise<Buffer>((resolve, reject) => {
    socket.once('data', resolve).once('error', reject);
    socket.once('close', () =>
      reject(Object.assign(new Error('the server closed the connection'), { code: 'ECONNRESET' })),
    );
  });
  socket.write(sslRequest);
  socket.resume();
  const bytes = await answer;
  socket.pause();
  if (bytes.length !== 1) throw new Error('the server sent data before the connection was encrypted');
  if (bytes[0] !== 0x53) {
    if (settings.sslmode === 'prefer') return socket;
    throw new Error('The server does not support SSL connections');
  }
  const options = await tlsOptions(settings, host);
  return new Promise((resolve, reject) => {
    const secured = connectTls({ socket, servername: host, ...options }, () => resolve(secured));
    secured.once('error', reject);
  });
}
