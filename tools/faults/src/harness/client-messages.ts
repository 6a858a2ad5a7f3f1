/** Cuts what a client sends into whole messages, so that a fault can come between two of them. */
export interface MessageSplitter {
  /** The messages that are complete now; the rest is kept until more of it comes. */
  push(chunk: Buffer): Buffer[];
  /** What a message is, for people: `Query create table …`. Holds no parameters. */
  label(message: Buffer): string;
  /** Whether the client waits for an answer after it, or its server has news from it; the others only come before such a one. */
  isPoint(message: Buffer): boolean;
}

/** Splits a stream by a length that each message carries. */
abstract class LengthSplitter implements MessageSplitter {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: Buffer[] = [];
    for (;;) {
      const length = this.lengthOf(this.#rest);
      if (length === undefined || length > this.#rest.length) return messages;
      messages.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
      this.taken(messages.at(-1) as Buffer);
    }
  }

  abstract label(message: Buffer): string;
  abstract isPoint(message: Buffer): boolean;
  /** Bytes of the first message, or undefined while that is not known yet. */
  protected abstract lengthOf(bytes: Buffer): number | undefined;
  protected taken(_message: Buffer): void {}
}

const requestCodes: Readonly<Record<number, string>> = {
  80877102: 'cancel request',
  80877103: 'SSL request',
  80877104: 'GSS request',
};
const postgresTypes: Readonly<Record<string, string>> = {
  Q: 'Query',
  P: 'Parse',
  B: 'Bind',
  D: 'Describe',
  E: 'Execute',
  S: 'Sync',
  X: 'Terminate',
  d: 'CopyData',
  c: 'CopyDone',
  f: 'CopyFail',
  p: 'password',
};

/**
 * Frontend messages of PostgreSQL: a type and a length; the first ones of a connection have no type.
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class PostgresMessages extends LengthSplitter {
  #started = false;

  label(message: Buffer): string {
    if (message[0] === 0) return requestCodes[message.readInt32BE(4)] ?? 'startup';
    const type = String.fromCharCode(message[0] ?? 0);
    const start = type === 'P' ? message.indexOf(0, 5) + 1 : 5;
    return [postgresTypes[type] ?? type, type === 'Q' || type === 'P' ? firstWords(message, start) : '']
      .join(' ')
      .trim();
  }

  isPoint(message: Buffer): boolean {
    return !'PBDE'.includes(String.fromCharCode(message[0] ?? 0));
  }

  protected lengthOf(bytes: Buffer): number | undefined {
    if (!this.#started) return bytes.length < 8 ? undefined : bytes.readInt32BE(0);
    return bytes.length < 5 ? undefined : 1 + bytes.readInt32BE(1);
  }

  protected override taken(message: Buffer): void {
    // After a request for encryption, which a server without it refuses, the startup message is still to come.
    if (!this.#started) this.#started = requestCodes[message.readInt32BE(4)] === undefined;
  }
}

const mysqlCommands: Readonly<Record<number, string>> = {
  1: 'Quit',
  3: 'Query',
  14: 'Ping',
  22: 'Prepare',
  23: 'Execute',
  25: 'Close',
};

/**
 * Client packets of MySQL and MariaDB: three bytes of length, one of sequence.
 * @see https://mariadb.com/kb/en/0-packet/
 */
export class MysqlMessages extends LengthSplitter {
  label(packet: Buffer): string {
    // A command begins a sequence anew; what goes on with one is a login or the data of LOAD DATA.
    if (packet[3] !== 0) return 'continuation';
    const command = packet[4] ?? 0;
    const text = command === 3 || command === 22 ? firstWords(packet, 5) : '';
    return [mysqlCommands[command] ?? `command ${command}`, text].join(' ').trim();
  }

  isPoint(packet: Buffer): boolean {
    return packet[3] !== 0 || packet[4] !== 25;
  }

  protected lengthOf(bytes: Buffer): number | undefined {
    return bytes.length < 4 ? undefined : 4 + bytes.readUIntLE(0, 3);
  }
}

function firstWords(message: Buffer, start: number): string {
  const text = message.toString('utf8', start, start + 60).replaceAll('\0', '');
  return text.replaceAll(/\s+/g, ' ').trim();
}
