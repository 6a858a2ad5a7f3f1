import { isUtf8 } from 'node:buffer';

/** What is kept of a record that nobody can read: a file without line ends would be one record. */
const mostBytes = 1024 * 1024;

/** Text of bytes that need not be text: a byte that is no UTF-8 stands there as `\xff`. */
export function visibleText(bytes: Buffer): string {
  const kept = bytes.length > mostBytes ? bytes.subarray(0, mostBytes) : bytes;
  const text = isUtf8(kept) ? kept.toString('utf8') : withEscapes(kept);
  return kept === bytes ? text : `${text}…`;
}

function withEscapes(bytes: Buffer): string {
  const parts: string[] = [];
  let good = 0;
  for (let at = 0; at < bytes.length;) {
    const size = characterSize(bytes, at);
    if (size > 0) {
      at += size;
      continue;
    }
    parts.push(bytes.toString('utf8', good, at), `\\x${bytes.toString('hex', at, at + 1)}`);
    good = ++at;
  }
  return [...parts, bytes.toString('utf8', good)].join('');
}

/** Bytes of the character that begins there; 0 where none does. */
function characterSize(bytes: Buffer, at: number): number {
  const first = bytes[at] as number;
  const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return isUtf8(bytes.subarray(at, at + size)) && at + size <= bytes.length ? size : 0;
}
