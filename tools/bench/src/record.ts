import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Measured } from './measure.ts';

const page = join(import.meta.dirname, '../../../docs/benchmarks.md');

/** Writes the results of one bench into its part of the page, with what they were measured on. */
export async function record(bench: string, settings: string, results: readonly Measured[]): Promise<void> {
  const rows = results.map(
    ({ what, held, figures }) =>
      `| ${what} | ${figures} | ${held === undefined ? '' : held ? 'held' : '**not held**'} |`,
  );
  const part = [
    '',
    `${new Date().toISOString().slice(0, 10)}, \`npm run bench -- ${bench}${settings}\` on ${machine()}:`,
    '',
    '| what | figures | budget |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
  const text = readFileSync(page, 'utf8');
  const marked = new RegExp(`(<!-- ${bench} -->)[\\s\\S]*?(<!-- end of ${bench} -->)`);
  if (!marked.test(text)) throw new Error(`${page} has no part for ${bench}`);
  const written = text.replace(marked, (_, begin: string, end: string) => `${begin}\n${part}\n${end}`);
  writeFileSync(page, await format(written, { ...(await resolveConfig(page)), filepath: page }));
}

function machine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, ${memory} GB, ${process.platform}, Node ${process.version}`;
}
