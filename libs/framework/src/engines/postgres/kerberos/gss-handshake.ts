import type { Duplex } from 'node:stream';
import { DatakitError } from '../../../errors/datakit-error.ts';
import type { GssContext } from './gss-context.ts';
import type { HandshakeReader } from './handshake-reader.ts';

/** `GSSENCRequest` of the PostgreSQL protocol. */
const encryptionRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x30]);

/** An authentication message: `R`, its length, its kind. */
const authentication = 0x52;
const gssResponse = 0x70;
const kinds = { ok: 0, gss: 7, gssContinue: 8 } as const;

/** A longer token than this comes from no server. */
const longestToken = 65_536;

/**
 * Asks the server whether it encrypts with GSSAPI.
 * @throws KERBEROS_FAILED for any byte after the answer: somebody could have put it there (CVE-2021-23222)
 */
export async function asksForEncryption(socket: Duplex, reader: HandshakeReader): Promise<boolean> {
  socket.write(encryptionRequest);
  const [answer] = await reader.read(1);
  // An error message here was written before anybody proved who he is: it is not shown (CVE-2024-10977).
  if (answer !== 0x47 && answer !== 0x4e) throw refused('its answer to the request for encryption means nothing');
  if (reader.unread > 0) throw refused('it sent data before the connection was encrypted');
  return answer === 0x47;
}

/** Exchanges tokens, each with its length before it, until both sides know each other. */
export async function exchangeTokens(socket: Duplex, reader: HandshakeReader, context: GssContext): Promise<void> {
  for (let token: Buffer | null = null; ;) {
    const ours = await context.step(token);
    if (ours.length > 0) socket.write(withLength(ours));
    if (context.isComplete) return;
    const length = (await reader.read(4)).readUInt32BE();
    if (length > longestToken) throw refused('it sent a token that is too long');
    token = await reader.read(length);
  }
}

/**
 * Answers the server's messages about GSSAPI authentication on an unencrypted connection.
 * @returns the first message that is about something else, for the driver
 * @throws KERBEROS_FAILED where the server calls the client authenticated in the middle of it
 */
export async function authenticate(
  socket: Duplex,
  reader: HandshakeReader,
  startContext: () => Promise<GssContext>,
): Promise<Buffer> {
  let context: GssContext | undefined;
  try {
    for (;;) {
      const head = await reader.read(5);
      const body = await reader.read(head.readUInt32BE(1) - 4);
      const kind = head[0] === authentication && body.length >= 4 ? body.readUInt32BE() : undefined;
      if (kind !== kinds.gss && kind !== kinds.gssContinue) {
        if (kind === kinds.ok && context && !context.isComplete) throw refused('it ended the authentication too early');
        return Buffer.concat([head, body]);
      }
      if (context?.isComplete) throw refused('it asks for one more token');
      context ??= await startContext();
      const ours = await context.step(kind === kinds.gssContinue ? body.subarray(4) : null);
      if (ours.length > 0) socket.write(Buffer.concat([Buffer.of(gssResponse), withLength(ours, 4)]));
    }
  } finally {
    context?.[Symbol.dispose]();
  }
}

/** Bytes after their length; messages of the protocol count the length itself, too. */
export function withLength(bytes: Uint8Array, counted = 0): Buffer {
  const framed = Buffer.allocUnsafe(4 + bytes.length);
  framed.writeUInt32BE(bytes.length + counted);
  framed.set(bytes, 4);
  return framed;
}

function refused(what: string): DatakitError {
  return new DatakitError({
    code: 'KERBEROS_FAILED',
    message: `The server does not follow the protocol of Kerberos connections: ${what}.`,
    hint: 'Somebody may be tampering with the connection, or something that is no PostgreSQL answers there.',
  });
}
