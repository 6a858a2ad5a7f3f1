import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { markerFile } from '../discovery/discover-datakit.ts';
import { DatakitError } from '../errors/datakit-error.ts';

/** The folder of a datakit, as given or by its `datakit.json`. */
export function datakitFolder(path: string): string {
  const folder = resolve(basename(path) === markerFile ? dirname(path) : path);
  // Upstream folders come from links in node_modules; one datakit must have one name.
  return existsSync(folder) ? realpathSync(folder) : folder;
}

/** What reports call the project in a folder: the name in `project.json` or `package.json`, without its scope. */
export function projectName(folder: string): string {
  const name = readJson(join(folder, 'project.json'))['name'] ?? readJson(join(folder, 'package.json'))['name'];
  return typeof name === 'string' ? name.replace(/^@[^/]+\//, '') : basename(folder);
}

/**
 * The folders of all datakits that one builds on, by the dependencies in `package.json`, each after what it itself
 * builds on. Without Nx there is no other graph; a dependency that is not installed is left to the import to report.
 *
 * @throws CYCLE when packages depend on each other in a circle
 */
export function upstreamFolders(folder: string): string[] {
  const folders = new Set<string>();
  const visit = (current: string, path: readonly string[]): void => {
    if (path.includes(current)) throw circle([...path.slice(path.indexOf(current)), current]);
    for (const dependency of dependencyFolders(current)) visit(dependency, [...path, current]);
    if (current !== folder && existsSync(join(current, markerFile))) folders.add(current);
  };
  visit(folder, []);
  return [...folders];
}

/** Only packages of the workspace: what is installed from a registry holds no datakit and leads far away. */
function dependencyFolders(folder: string): string[] {
  const dependencies = Object.keys(
    (readJson(join(folder, 'package.json'))['dependencies'] as object | undefined) ?? {},
  );
  return dependencies.toSorted().flatMap((name) => {
    const found = installedFolder(folder, name);
    return found === undefined || found.split(/[\\/]/).includes('node_modules') ? [] : [found];
  });
}

function installedFolder(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return realpathSync(candidate);
    if (dirname(folder) === folder) return undefined;
  }
}

function readJson(file: string): Record<string, unknown> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
}

function circle(folders: readonly string[]): DatakitError {
  return new DatakitError({
    code: 'CYCLE',
    message: `Packages depend on each other in a circle: ${folders.map((folder) => projectName(folder)).join(' → ')}.`,
    hint: 'A layer builds on the layer below it; remove the dependency that points back.',
  });
}
