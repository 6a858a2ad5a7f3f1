import { parseColumnType } from '../../model/column-type.ts';
import type { Engine } from '../engine.ts';
import type { Place } from '../place.ts';
import { readTables } from './catalogue.ts';
import { statementsFor } from './change-statements.ts';
import { columnDefault, columnType, indexMethod } from './column-types.ts';
import { connect } from './connect.ts';
import { copyIn } from './copy-in.ts';
import { difference } from './difference.ts';
import { triggersFor } from './history.ts';
import { transaction } from './lock.ts';
import { createDatabase, databaseExists, dropDatabase, dropTables } from './provision.ts';
import { queryDialect } from './query-dialect.ts';
import { checkIdentifier, identifierBytes, quote, quoteTable } from './quote.ts';
import { isReferenced } from './referenced.ts';
import { upkeep } from './upkeep.ts';
import { costOf, estimateRows } from './statement-cost.ts';
import { valueConditions } from './value-conditions.ts';
import { dropViews, readViews } from './views.ts';

type SqlitePlace = Extract<Place, { engine: 'sqlite' }>;

/** SQLite through `node:sqlite`, which every supported Node.js brings. */
export const engine: Engine = {
  name: 'sqlite',
  supportsSchemas: false,
  supportsIdentity: false,
  tidiesUpAfterLastSession: true,
  supportsConcurrentWriters: false,
  supportsTransactionalDdl: true,
  copyIn,
  valueConditions,
  difference,
  queryDialect,
  connect: (place, options) => connect(place as SqlitePlace, options),
  // Opening a file that is not there would make it.
  connectIfThere: async (place, options) =>
    (await databaseExists(place as SqlitePlace)) ? connect(place as SqlitePlace, options) : undefined,
  databaseExists: (place) => databaseExists(place as SqlitePlace),
  createDatabase: (place, making) => createDatabase(place as SqlitePlace, making),
  dropDatabase: (place) => dropDatabase(place as SqlitePlace),
  upkeep,
  dropTables,
  quote,
  quoteTable,
  checkIdentifier,
  identifierBytes,
  columnType,
  portableType: parseColumnType,
  columnDefault,
  indexMethod,
  shapeTable: (table) => table,
  instant: (iso8601) => iso8601,
  readTables,
  triggersFor,
  cascadesFireTriggers: true,
  // Whoever may read the file may read all of it.
  supportsGrants: false,
  heldGrants: async () => [],
  missingRoles: async () => [],
  readViews,
  dropViews,
  statementsFor,
  // Foreign keys are off while tables change, and views are only texts.
  obstacles: async () => [],
  costOf,
  isReferenced,
  estimateRows,
  // The transaction is the lock of the whole file, and readers go on beside it.
  claimTables: async () => undefined,
  usersOf: async () => undefined,
  transaction,
};
