import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { KeptServer } from './kept-server.ts';

/** The files by which processes find a server and its keeper. */
export interface KeeperFiles {
  readonly folder: string;
  /** Locked by the one keeper as long as it lives. */
  readonly lock: string;
  /** Where the keeper listens, and the word that it wants to hear. */
  readonly address: string;
  readonly keeperLog: string;
}

/** Where a keeper listens on 127.0.0.1. */
export interface KeeperAddress {
  readonly port: number;
  readonly token: string;
}

/** Names the files; creates nothing. */
export function keeperFiles(folder: string): KeeperFiles {
  return {
    folder,
    lock: join(folder, 'keeper.sqlite'),
    address: join(folder, 'keeper.json'),
    keeperLog: join(folder, 'keeper.log'),
  };
}

/** Makes the folder of a server. */
export function createKeeperFolder({ folder, folderMode, failed }: KeptServer): void {
  try {
    if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, folderMode);
  } catch (error) {
    throw failed(`the folder ${folder} cannot be made`, {
      hint: 'Set DATAKIT_HOME to a folder that you may write to.',
      cause: error,
    });
  }
}

/**
 * Finds out early that another user made these files.
 * @throws SERVER_FAILED
 */
export function checkAccess({ folder, files, failed }: KeptServer): void {
  const { address, lock, keeperLog } = keeperFiles(folder);
  for (const path of [folder, address, lock, keeperLog, ...files]) {
    try {
      if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
    } catch (error) {
      throw failed(`${path} belongs to another user`, {
        hint: 'Set DATAKIT_HOME to a folder of your own, or run as the user that made it.',
        cause: error,
      });
    }
  }
}

/** The address of the keeper that wrote it last, which may be dead; undefined where none was written. */
export function readKeeperAddress({ folder, failed }: KeptServer): KeeperAddress | undefined {
  const { address } = keeperFiles(folder);
  try {
    return JSON.parse(readFileSync(address, 'utf8')) as KeeperAddress;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw failed(`${address} cannot be read`, { hint: 'Delete this file and try again.', cause: error });
  }
}

/** Publishes the address in one step, so that no reader sees half of it. */
export function writeKeeperAddress({ address }: KeeperFiles, value: KeeperAddress): void {
  const aside = `${address}.new`;
  rmSync(aside, { force: true });
  writeFileSync(aside, JSON.stringify(value), { mode: 0o600, flag: 'wx' });
  renameSync(aside, address);
}

/** Takes the address back; only the keeper that holds the lock may. */
export function removeKeeperAddress({ address }: KeeperFiles): void {
  rmSync(address, { force: true });
}
