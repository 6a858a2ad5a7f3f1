import type { ContainerRuntimeClient } from 'testcontainers';

type Container = ReturnType<ContainerRuntimeClient['container']['getById']>;

const headerBytes = 8;

/** The last lines that the server in a container printed; none of those that tell a generated password. */
export async function lastContainerLines(container: Container, count = 12): Promise<string[]> {
  const buffer = await container
    .logs({ stdout: true, stderr: true, tail: count, follow: false })
    .catch(() => undefined);
  if (!buffer) return [];
  return framesOf(buffer)
    .join('')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !/password\s*:/i.test(line))
    .slice(-count);
}

/** Docker sends both streams in frames: one byte for the stream, three empty ones, four for the length, the text. */
function framesOf(buffer: Buffer): string[] {
  const texts: string[] = [];
  for (let start = 0; start + headerBytes <= buffer.length;) {
    const end = start + headerBytes + buffer.readUInt32BE(start + 4);
    texts.push(buffer.toString('utf8', start + headerBytes, end));
    start = end;
  }
  return texts;
}
