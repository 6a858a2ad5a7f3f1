import { DatakitError } from '../../../errors/datakit-error.ts';
import type { GssContext } from './gss-context.ts';
import { withLength } from './gss-handshake.ts';

/** PostgreSQL refuses longer packets, their length of four bytes included (`PQ_GSS_MAX_PACKET_SIZE`). */
const longestPacket = 16_384;

/** Bytes to packets and back. Packets end anywhere in the messages that they carry. */
export class EncryptedPackets {
  readonly #context: GssContext;
  readonly #most: number;
  #rest: Buffer = Buffer.alloc(0);

  constructor(context: GssContext) {
    this.#context = context;
    this.#most = context.maximumInput(longestPacket - 4);
  }

  /** Packets of plain bytes. */
  encrypt(bytes: Buffer): Buffer[] {
    const packets: Buffer[] = [];
    for (let start = 0; start < bytes.length; start += this.#most) {
      packets.push(withLength(this.#context.wrap(bytes.subarray(start, start + this.#most))));
    }
    return packets;
  }

  /** Plain bytes of the packets that are complete; the rest waits. */
  decrypt(received: Buffer): Buffer[] {
    const bytes = this.#rest.length === 0 ? received : Buffer.concat([this.#rest, received]);
    const plain: Buffer[] = [];
    let at = 0;
    while (bytes.length - at >= 4) {
      const length = bytes.readUInt32BE(at);
      if (length > longestPacket - 4) {
        throw new DatakitError({
          code: 'KERBEROS_FAILED',
          message: 'The server sent an encrypted packet that is longer than the protocol allows.',
        });
      }
      if (bytes.length - at < 4 + length) break;
      plain.push(this.#context.unwrap(bytes.subarray(at + 4, at + 4 + length)));
      at += 4 + length;
    }
    this.#rest = bytes.subarray(at);
    return plain;
  }
}
