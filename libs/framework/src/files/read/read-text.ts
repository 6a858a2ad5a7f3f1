import { unreadable, type SourceFile } from './source-file.ts';

/** Blocks of text in UTF-8, without a byte-order mark, from blocks in any encoding. Nothing is checked in what says to be UTF-8. */
export async function* textBlocks(
  file: SourceFile,
  blocks: AsyncIterable<Buffer>,
  encoding: string,
): AsyncGenerator<Buffer> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let begun: Buffer | undefined = Buffer.alloc(0);
  const start = (first: Buffer): Buffer => {
    const named = encodingOfMark(first) ?? encoding;
    if (!/^utf-?8$/i.test(named)) decoder = new TextDecoder(named, { fatal: true });
    else if (first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf) return first.subarray(3);
    return first;
  };
  const decode = (block: Buffer, isLast: boolean): Buffer => {
    if (!decoder) return block;
    try {
      return Buffer.from(decoder.decode(block, { stream: !isLast }));
    } catch (cause) {
      throw unreadable(
        file,
        `is not ${decoder.encoding}`,
        'Name the encoding in the source: csv: { encoding: … }.',
        cause,
      );
    }
  };
  for await (const block of blocks) {
    if (begun === undefined) {
      yield decode(block, false);
      continue;
    }
    begun = Buffer.concat([begun, block]);
    if (begun.length < 3) continue;
    yield decode(start(begun), false);
    begun = undefined;
  }
  const rest: Buffer = begun === undefined ? Buffer.alloc(0) : start(begun);
  yield decode(rest, true);
}

/** UTF-16 says so itself; nobody writes CSV whose first field begins with these bytes. */
function encodingOfMark(first: Buffer): string | undefined {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le';
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be';
  return undefined;
}
