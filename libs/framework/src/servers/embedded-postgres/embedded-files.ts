import { join, resolve } from 'node:path';
import { keeperFiles, type KeeperFiles } from '../keeper/keeper-files.ts';

/** The files of the server in `<home>/postgres`, its keeper's among them. */
export interface EmbeddedFiles extends KeeperFiles {
  readonly password: string;
  readonly serverLog: string;
}

/** Names the files of a home's server; creates nothing. */
export function embeddedFiles(home: string): EmbeddedFiles {
  return embeddedFilesIn(join(resolve(home), 'postgres'));
}

/** Names the files in the folder of a server. */
export function embeddedFilesIn(folder: string): EmbeddedFiles {
  return { ...keeperFiles(folder), password: join(folder, 'password'), serverLog: join(folder, 'server.log') };
}
