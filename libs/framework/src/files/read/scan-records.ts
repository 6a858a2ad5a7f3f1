import { longestRecordBytes, type RecordScanner } from './record-sink.ts';

/**
 * Gives blocks to a scanner, each with what the one before left.
 * @param afterBlock runs when the scanner is done with a block, whose bytes are free again then
 */
export async function scanRecords(
  blocks: AsyncIterable<Buffer>,
  scanner: RecordScanner,
  afterBlock: () => Promise<void>,
): Promise<void> {
  let rest: Buffer[] = [];
  let bytes = 0;
  let wanted = 0;
  for await (const block of blocks) {
    rest.push(block);
    bytes += block.length;
    if (bytes < wanted) continue;
    const whole = rest.length === 1 ? block : Buffer.concat(rest);
    const left = whole.subarray(scanner.scan(whole, false));
    // A record that is not whole is scanned again from its start: wait for as much again, or a long one is scanned for
    // every block that comes.
    wanted = Math.min(left.length * 2, longestRecordBytes + 1);
    bytes = left.length;
    rest = left.length === 0 ? [] : [left];
    await afterBlock();
  }
  scanner.scan(Buffer.concat(rest), true);
  await afterBlock();
}
