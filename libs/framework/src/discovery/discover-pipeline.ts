import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DatakitError } from '../errors/datakit-error.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { markerFile } from './discover-datakit.ts';

/**
 * Finds and loads what a pipeline's folder says beside its dependencies; most say nothing.
 *
 * @throws DATAKIT_UNKNOWN where there is no `datakit.json`
 * @throws DATAKIT_INVALID where it is not that of a pipeline, or its code cannot be used
 */
export async function discoverPipeline(folder: string): Promise<Pipeline | undefined> {
  const invalid = (what: string, hint: string, cause?: unknown): DatakitError =>
    new DatakitError({ code: 'DATAKIT_INVALID', message: `The pipeline at ${folder} ${what}`, hint, cause });
  const file = join(folder, markerFile);
  if (!existsSync(file)) {
    throw new DatakitError({
      code: 'DATAKIT_UNKNOWN',
      message: `There is no pipeline at ${folder}: it has no ${markerFile}.`,
      hint: 'Give the folder of a pipeline, such as apps/pagila-pipeline.',
    });
  }
  let marker: { kind?: unknown; entry?: unknown };
  try {
    marker = JSON.parse(readFileSync(file, 'utf8')) as typeof marker;
  } catch (cause) {
    throw invalid(`has a ${markerFile} that is no JSON.`, 'Mend the file.', cause);
  }
  if (marker.kind !== 'pipeline') throw invalid('has another kind in datakit.json.', 'Write { "kind": "pipeline" }.');
  if (marker.entry === undefined) return undefined;
  const entry = resolve(folder, String(marker.entry));
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(entry).href)) as typeof module;
  } catch (cause) {
    if (cause instanceof DatakitError) throw cause;
    throw invalid(`cannot be loaded: ${(cause as Error).message.split('\n')[0]}.`, 'Mend the code.', cause);
  }
  const pipeline = module.default as Pipeline | undefined;
  if (pipeline?.kind === 'pipeline') return pipeline;
  throw invalid('does not export a pipeline.', 'End the file with: export default definePipeline({ … });');
}
