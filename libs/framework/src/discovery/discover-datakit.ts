import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DatakitError } from '../errors/datakit-error.ts';
import { nearestName } from '../errors/nearest-name.ts';
import { isDatakit, layers, type Datakit, type Layer } from '../model/datakit.ts';

/** The file that makes a folder a datakit. */
export const markerFile = 'datakit.json';

interface Marker {
  readonly kind: 'datakit';
  readonly layer: Layer;
  readonly entry: string;
}

/**
 * Finds and loads the datakit of a folder.
 *
 * @param path the folder that holds `datakit.json`, or the file itself
 * @throws DATAKIT_UNKNOWN where there is no `datakit.json`
 * @throws DATAKIT_INVALID where it, or the code that it names, cannot be used; the message names file and line
 * @example
 * ```ts
 * const datakit = await discoverDatakit('libs/bronze-pagila');
 * datakit.tables.length; // 15
 * ```
 */
export async function discoverDatakit(path: string): Promise<Datakit> {
  const folder = resolve(basename(path) === markerFile ? dirname(path) : path);
  const marker = readMarker(folder);
  const entry = resolve(folder, marker.entry);
  if (!existsSync(entry))
    throw invalid(folder, `names the entry ${marker.entry}, which is not there.`, 'Mend "entry" in datakit.json.');
  const module = await importEntry(folder, entry);
  const datakit = module.default;
  if (!isDatakit(datakit)) {
    throw invalid(
      folder,
      `does not export a datakit from ${marker.entry}.`,
      'End the file with: export default defineDatakit({ … });',
    );
  }
  const projectName = readProjectName(folder);
  if (projectName !== undefined && datakit.name !== projectName) {
    throw invalid(
      folder,
      `is the project "${projectName}", but calls itself "${datakit.name}".`,
      'Use one name in both places.',
    );
  }
  if (datakit.layer !== marker.layer) {
    throw invalid(
      folder,
      `is of layer "${marker.layer}" in datakit.json, and "${datakit.layer}" in code.`,
      'Use one layer in both places.',
    );
  }
  return datakit;
}

function readMarker(folder: string): Marker {
  const file = join(folder, markerFile);
  if (!existsSync(file)) throw unknown(folder);
  const { kind, layer, entry } = readJson(folder, markerFile);
  if (kind !== 'datakit') throw invalid(folder, 'has a datakit.json whose "kind" is not "datakit".', 'Mend the file.');
  if (!layers.includes(layer as Layer))
    throw invalid(folder, `has no layer in datakit.json.`, `Use one of: ${layers.join(', ')}.`);
  if (typeof entry !== 'string')
    throw invalid(folder, 'has no "entry" in datakit.json.', 'Add "entry": "src/index.ts".');
  return { kind, layer: layer as Layer, entry };
}

/** One of a datakit's JSON files as an object. */
function readJson(folder: string, file: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  } catch (cause) {
    throw invalid(folder, `has a ${file} that is no JSON: ${(cause as Error).message}.`, 'Mend the file.', cause);
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content))
    return content as Record<string, unknown>;
  throw invalid(folder, `has a ${file} that is no JSON object.`, 'Mend the file.');
}

async function importEntry(folder: string, entry: string): Promise<{ default?: unknown }> {
  try {
    return (await import(pathToFileURL(entry).href)) as { default?: unknown };
  } catch (cause) {
    if (cause instanceof DatakitError) throw cause;
    const error = cause as Error & { code?: string };
    const place = locate(error, folder);
    throw invalid(
      folder,
      `cannot be loaded: ${error.message.split('\n')[0]?.replaceAll(`${folder}${sep}`, '')}${place ? ` (${place})` : ''}.`,
      error.code === 'ERR_MODULE_NOT_FOUND'
        ? 'Check the import, and that "npm install" has run since it was added. Relative imports end in ".ts".'
        : 'Mend the code; types are stripped, so enums, namespaces and decorators cannot be used.',
      cause,
    );
  }
}

/** File and line of a syntax error stand at the top of its stack, or in its message. */
function locate(error: Error, folder: string): string | undefined {
  const match =
    /(?<url>file:\/\/\/[^\s()]+\.[cm]?[jt]s):(?<line>\d+)|(?<path>(?:[A-Za-z]:)?[\\/][^:()\n]+\.[cm]?[jt]s):(?<at>\d+)/.exec(
      error.stack ?? '',
    );
  if (!match?.groups) return undefined;
  const { url, line, path, at } = match.groups;
  return `${relative(folder, url === undefined ? (path ?? '') : fileURLToPath(url))}:${line ?? at}`;
}

/** The project's name, as Nx takes it: `project.json`, else `package.json` without its scope. */
function readProjectName(folder: string): string | undefined {
  for (const file of ['project.json', 'package.json']) {
    if (!existsSync(join(folder, file))) continue;
    const { name } = readJson(folder, file);
    if (typeof name === 'string' && name !== '') return name.replace(/^@[^/]+\//, '');
  }
  return undefined;
}

function unknown(folder: string): DatakitError {
  const parent = dirname(folder);
  const siblings = existsSync(parent)
    ? readdirSync(parent).filter((name) => existsSync(join(parent, name, markerFile)))
    : [];
  const nearest = nearestName(basename(folder), siblings);
  return new DatakitError({
    code: 'DATAKIT_UNKNOWN',
    message: `There is no datakit at ${relative(process.cwd(), folder) || '.'}: it has no datakit.json.`,
    hint: nearest
      ? `Did you mean ${join(relative(process.cwd(), parent), nearest)}?`
      : 'Give the folder of a datakit, such as libs/bronze-pagila.',
  });
}

function invalid(folder: string, what: string, hint: string, cause?: unknown): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `The datakit at ${relative(process.cwd(), folder) || '.'} ${what}`,
    hint,
    cause,
  });
}
