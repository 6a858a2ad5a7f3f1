import { datakitHome } from '../settings/datakit-home.ts';
import type { TargetSettings } from '../targets/resolve-target.ts';
import { pruneDatabases, type Pruned } from './prune-databases.ts';
import { pruneServers } from './prune-servers.ts';

/** Removes what nobody needs: expired and unfinished databases, servers that were left running, folders without a home. */
export async function prune(settings: TargetSettings): Promise<Pruned[]> {
  const { pruneFolders } = await import('../servers/embedded-postgres/prune-folders.ts');
  const databases = await pruneDatabases(settings);
  const home = datakitHome(settings.workspaceRoot);
  const stopped = await pruneServers(settings.workspaceRoot);
  const folders = await pruneFolders();
  return [
    ...databases,
    ...stopped.map((name) => ({ removed: 'running server', name, where: home })),
    ...folders.map(({ folder, home: owner }) => ({
      removed: 'server data',
      name: folder,
      where: `${owner}, which is gone`,
    })),
  ];
}
