import { countOf } from '../report/count-of.ts';
import { datakitHome } from '../settings/datakit-home.ts';

/**
 * Stops the servers of this workspace that were kept, or that a killed keeper left behind.
 * @returns what was stopped, for people
 */
export async function pruneServers(workspaceRoot: string): Promise<string[]> {
  const home = datakitHome(workspaceRoot);
  const { stopEmbeddedServer } = await import('../servers/embedded-postgres/embedded-server.ts');
  const { stopContainers } = await import('../servers/containers/container-server.ts');
  const [embedded, containers] = await Promise.all([stopEmbeddedServer({ home }), stopContainers(home)]);
  return [...(embedded ? ['the embedded server'] : []), ...(containers > 0 ? [countOf(containers, 'container')] : [])];
}
