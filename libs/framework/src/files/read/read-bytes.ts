import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import {
  changed,
  isSameFile,
  requireUnchanged,
  stampOf,
  unreadable,
  type FileStamp,
  type SourceFile,
} from './source-file.ts';

const blockBytes = 1024 * 1024;

/** A file while it is read, once, from its first byte to its last. */
export interface FileReading {
  /** What is in it, decompressed. Throws SOURCE_CHANGED behind the last block where the file changed meanwhile. */
  readonly blocks: AsyncIterable<Buffer>;
  /** Of the bytes as they lie on the disk; known when the last block has come. */
  sha256(): string;
  /** Bytes of the disk that were read so far. */
  bytes(): number;
}

/**
 * Reads a file and hashes exactly the bytes that were read.
 * @param stamp of the file when it was found
 */
export function readOnce(file: SourceFile, stamp: FileStamp): FileReading {
  const state = { hash: createHash('sha256'), bytes: 0, digest: '' };
  const raw = rawBlocks(file, stamp, state);
  return {
    blocks: file.compression === undefined ? raw : decompressed(file, file.compression, raw),
    sha256: () => (state.digest ||= state.hash.digest('hex')),
    bytes: () => state.bytes,
  };
}

async function* rawBlocks(
  file: SourceFile,
  stamp: FileStamp,
  state: { readonly hash: Hash; bytes: number },
): AsyncGenerator<Buffer> {
  const handle = await openFile(file);
  try {
    if (!isSameFile(stampOf(await handle.stat({ bigint: true })), stamp)) throw changed(file);
    for (;;) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(blockBytes), 0, blockBytes);
      if (bytesRead === 0) break;
      const block = buffer.subarray(0, bytesRead);
      state.hash.update(block);
      state.bytes += bytesRead;
      yield block;
    }
    if (!isSameFile(stampOf(await handle.stat({ bigint: true })), stamp)) throw changed(file);
  } finally {
    await handle.close();
  }
  // A new file of the same name leaves the handle as it was.
  await requireUnchanged(file, stamp);
}

async function openFile(file: SourceFile): Promise<FileHandle> {
  try {
    return await open(file.path, 'r');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw changed(file);
    throw unreadable(file, `cannot be read (${code})`, "Check the file's rights.", cause);
  }
}

async function* decompressed(
  file: SourceFile,
  compression: 'gzip' | 'zstd',
  raw: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const options = { chunkSize: blockBytes };
  const unpack = compression === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
  const source = Readable.from(raw, { objectMode: false });
  let failure: unknown;
  source.on('error', (error) => {
    failure = error;
    unpack.destroy(error);
  });
  source.pipe(unpack);
  let came = false;
  try {
    for await (const block of unpack as AsyncIterable<Buffer>) {
      came = true;
      yield block;
    }
  } catch (error) {
    if (failure !== undefined) throw failure;
    if (!came && error === undefined) return;
    throw unreadable(file, `is not ${compression}, or was cut`, 'Have it written again.', error);
  } finally {
    source.destroy();
    unpack.destroy();
  }
}
