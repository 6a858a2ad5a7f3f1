import type { KeptServer, StartServer } from './kept-server.ts';

/** One line per kind of server; only the keeper loads what starts one. */
const starters: Readonly<Record<KeptServer['kind'], () => Promise<StartServer>>> = {
  'embedded-postgres': async () => (await import('../embedded-postgres/running-server.ts')).runServer,
  container: async () => (await import('../containers/running-container.ts')).runContainer,
};

/** Loads what starts a kind of server. */
export function loadStarter(kind: string): Promise<StartServer> {
  return starters[kind as KeptServer['kind']]();
}
