import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The nearest folder at or above `from` that holds an `nx.json`; `from` itself where there is none. */
export function findWorkspaceRoot(from: string = process.cwd()): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return folder;
    if (dirname(folder) === folder) return resolve(from);
  }
}

/**
 * The folder for everything that we keep on disk: the SQLite file, the embedded server, output files, run reports.
 * `DATAKIT_HOME` moves it; otherwise it is `.datakit` in the workspace root.
 */
export function datakitHome(workspaceRoot: string = findWorkspaceRoot()): string {
  const moved = process.env['DATAKIT_HOME'];
  return moved ? resolve(workspaceRoot, moved) : join(workspaceRoot, '.datakit');
}
