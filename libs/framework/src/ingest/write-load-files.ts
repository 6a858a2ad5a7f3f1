import { join } from 'node:path';
import type { FileFormat, LoadFiles } from '../files/load-files.ts';
import type { LoadMetadata } from './metadata-constants.ts';
import type { RowReader } from './row-reader.ts';

/** Writes the files of a load aside, to be published beside those that are there or in their place. @returns their paths after publication */
export async function writeLoadFiles(
  files: LoadFiles,
  formats: readonly FileFormat[],
  metadata: LoadMetadata,
  reader: RowReader,
  adds: boolean,
): Promise<string[]> {
  if (formats.length === 0) return [];
  const folder = await files.stage(metadata.loadId);
  const parts: { name: string; rows: number; format: FileFormat }[] = [];
  if (formats.includes('parquet')) {
    const { writeParquet } = await import('../files/write-parquet.ts');
    await reader.through('csv', false, async (rows) => {
      const written = await writeParquet(folder, reader.columns, reader.constants, rows);
      parts.push(...written.map((part) => ({ ...part, format: 'parquet' as const })));
      return written.reduce((sum, part) => sum + part.rows, 0);
    });
  }
  if (formats.includes('json')) {
    const { writeJsonLines } = await import('../files/write-json-lines.ts');
    await reader.through('json-lines', true, async (rows, rowCount) => {
      const name = await writeJsonLines(folder, rows);
      const count = await rowCount();
      parts.push({ name, rows: count, format: 'json' });
      return count;
    });
  }
  const sealed = await files.seal({ loadId: metadata.loadId, publishedAt: metadata.startedAt, adds }, parts);
  return sealed.map((file) => join(files.folder, file.path));
}
