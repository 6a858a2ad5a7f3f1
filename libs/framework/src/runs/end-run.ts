import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { datakitHome } from '../settings/datakit-home.ts';

/** Ends a run of several processes: containers that waited for its next one are stopped, unless others use them. */
export async function endRun(workspaceRoot: string, runId: string): Promise<void> {
  const home = datakitHome(workspaceRoot);
  // Most runs need no container; they should not pay for those that do.
  if (!existsSync(join(home, 'containers'))) return;
  const { endContainersRun } = await import('../servers/containers/container-server.ts');
  await endContainersRun(home, runId);
}
