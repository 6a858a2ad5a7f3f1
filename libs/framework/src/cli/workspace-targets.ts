import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatakitError } from '../errors/datakit-error.ts';
import type { RunRequest } from '../runs/run-request.ts';

/**
 * The targets that a workspace adds to the predefined ones, from the same place in `nx.json` where Nx reads them.
 * Without that file, as in a container, there are only the predefined ones.
 *
 * @throws OPTION_INVALID where `nx.json` is no JSON
 */
export function workspaceTargets(workspaceRoot: string): Pick<RunRequest, 'targets' | 'defaultTarget'> {
  const file = join(workspaceRoot, 'nx.json');
  const options = existsSync(file) ? pluginOptions(file) : {};
  return { targets: options.targets ?? {}, ...(options.defaultTarget ? { defaultTarget: options.defaultTarget } : {}) };
}

function pluginOptions(file: string): Partial<Pick<RunRequest, 'targets' | 'defaultTarget'>> {
  try {
    const { plugins = [] } = JSON.parse(readFileSync(file, 'utf8')) as { plugins?: unknown[] };
    const entry = plugins.find((plugin) => (plugin as { plugin?: unknown }).plugin === '@datakit/nx/plugin');
    return (entry as { options?: object } | undefined)?.options ?? {};
  } catch (cause) {
    throw new DatakitError({ code: 'OPTION_INVALID', message: `${file} is not JSON.`, hint: 'Mend the file.', cause });
  }
}
