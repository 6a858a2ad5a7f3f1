import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatakitError } from '@datakit/framework/options';

/** The marker file that makes an Nx project a datakit (or a pipeline over datakits). */
export type DatakitFile =
  { readonly kind: 'datakit'; readonly layer: Layer; readonly entry: string } | { readonly kind: 'pipeline' };

export const layers = ['bronze', 'silver', 'gold'] as const;
export type Layer = (typeof layers)[number];

/**
 * Reads and checks one `datakit.json`. The datakit itself is not imported: the graph has to be made without it.
 *
 * @param file path relative to the workspace root, as Nx reports it
 * @throws DATAKIT_INVALID with the file and the reason
 */
export function readDatakitFile(workspaceRoot: string, file: string): DatakitFile {
  const content = parse(file, readFileSync(join(workspaceRoot, file), 'utf8'));
  const { kind, layer, entry } = content;
  if (kind === 'pipeline') return { kind };
  if (kind !== 'datakit') throw invalid(file, `"kind" is ${shown(kind)}.`, 'Write "datakit" or "pipeline".');
  if (!layers.includes(layer as Layer)) {
    throw invalid(file, `"layer" is ${shown(layer)}.`, `Write one of ${layers.map((name) => `"${name}"`).join(', ')}.`);
  }
  if (typeof entry !== 'string' || entry === '' || entry.startsWith('/') || entry.split(/[\\/]/).includes('..')) {
    throw invalid(
      file,
      `"entry" is ${shown(entry)}.`,
      'Write the path of the entry file below this folder: "src/index.ts".',
    );
  }
  return { kind, layer: layer as Layer, entry };
}

function parse(file: string, text: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
      return content as Record<string, unknown>;
    }
  } catch (error) {
    throw invalid(file, `it is not JSON: ${(error as Error).message.split('\n')[0]}.`, 'Correct it at that place.');
  }
  throw invalid(
    file,
    'it holds no JSON object.',
    'Write { "kind": "datakit", "layer": "bronze", "entry": "src/index.ts" }.',
  );
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

function invalid(file: string, reason: string, hint: string): DatakitError {
  return new DatakitError({ code: 'DATAKIT_INVALID', message: `${file}: ${reason}`, hint, details: { file } });
}
