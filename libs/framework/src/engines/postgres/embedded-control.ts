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
import { join, resolve } from 'node:path';
import { isRoot } from './embedded-account.ts';
import { serverFailed } from './embedded-failure.ts';

/** The files in `<home>/postgres` by which processes find the server and its keeper. */
export interface ControlFiles {
  readonly folder: string;
  /** Locked by the one keeper as long as it lives. */
  readonly lock: string;
  /** Where the keeper listens, and the word that it wants to hear. */
  readonly address: string;
  readonly password: string;
  readonly keeperLog: string;
  readonly serverLog: string;
}

/** Where a keeper listens on 127.0.0.1. */
export interface KeeperAddress {
  readonly port: number;
  readonly token: string;
}

/** Names the files; creates nothing. */
export function controlFiles(home: string): ControlFiles {
  const folder = join(resolve(home), 'postgres');
  return {
    folder,
    lock: join(folder, 'keeper.sqlite'),
    address: join(folder, 'keeper.json'),
    password: join(folder, 'password'),
    keeperLog: join(folder, 'keeper.log'),
    serverLog: join(folder, 'server.log'),
  };
}

/** Makes the folder; the account that the server runs as must pass through it, so root leaves it open to enter. */
export function createControlFolder({ folder }: ControlFiles): void {
  try {
    if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, isRoot() ? 0o711 : 0o700);
  } catch (error) {
    throw serverFailed(`the folder ${folder} cannot be made`, {
      hint: 'Set DATAKIT_HOME to a folder that you may write to.',
      cause: error,
    });
  }
}

/**
 * Finds out early that another user made these files.
 * @throws SERVER_FAILED
 */
export function checkAccess(control: ControlFiles): void {
  const { folder, address, lock, password, keeperLog, serverLog } = control;
  for (const path of [folder, address, lock, password, keeperLog, serverLog]) {
    try {
      if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
    } catch (error) {
      throw serverFailed(`${path} belongs to another user`, {
        hint: 'Set DATAKIT_HOME to a folder of your own, or run as the user that made it.',
        cause: error,
      });
    }
  }
}

/** The address of the keeper that wrote it last, which may be dead; undefined where none was written. */
export function readKeeperAddress({ address }: ControlFiles): KeeperAddress | undefined {
  try {
    return JSON.parse(readFileSync(address, 'utf8')) as KeeperAddress;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw serverFailed(`${address} cannot be read`, { hint: 'Delete this file and try again.', cause: error });
  }
}

/** Publishes the address in one step, so that no reader sees half of it. */
export function writeKeeperAddress({ address }: ControlFiles, value: KeeperAddress): void {
  const aside = `${address}.new`;
  rmSync(aside, { force: true });
  writeFileSync(aside, JSON.stringify(value), { mode: 0o600, flag: 'wx' });
  renameSync(aside, address);
}

/** Takes the address back; only the keeper that holds the lock may. */
export function removeKeeperAddress({ address }: ControlFiles): void {
  rmSync(address, { force: true });
}
