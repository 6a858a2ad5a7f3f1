import { parseColumnType } from '../../model/column-type.ts';
import type { Engine } from '../engine.ts';
import type { Place } from '../place.ts';
import { readTables } from './catalogue.ts';
import { statementsFor } from './change-statements.ts';
import { columnDefault, columnType, indexMethod } from './column-types.ts';
import { connect, connectIfThere } from './connect.ts';
import { copyIn } from './copy-in.ts';
import { difference } from './difference.ts';
import { triggersFor } from './history.ts';
import { transaction } from './lock.ts';
import { heldGrants, missingRoles } from './grants.ts';
import { obstacles } from './obstacles.ts';
import { createDatabase, databaseExists, dropDatabase, dropTables } from './provision.ts';
import { queryDialect } from './query-dialect.ts';
import { checkIdentifier, identifierBytes, quote, quoteTable } from './quote.ts';
import { isReferenced } from './referenced.ts';
import { upkeep } from './upkeep.ts';
import { costOf, estimateRows } from './statement-cost.ts';
import { claimTables, usersOf } from './table-claims.ts';
import { valueConditions } from './value-conditions.ts';
import { dropViews, readViews } from './views.ts';

type PostgresPlace = Extract<Place, { engine: 'postgres' }>;

/** PostgreSQL 13 and newer. */
export const engine: Engine = {
  name: 'postgres',
  supportsSchemas: true,
  supportsIdentity: true,
  tidiesUpAfterLastSession: false,
  supportsConcurrentWriters: true,
  keepsTemplates: true,
  supportsTransactionalDdl: true,
  copyIn,
  valueConditions,
  difference,
  queryDialect,
  connect: (place, options) => connect(place as PostgresPlace, options),
  connectIfThere: (place, options) => connectIfThere(place as PostgresPlace, options),
  databaseExists: (place) => databaseExists(place as PostgresPlace),
  createDatabase: (place, making) => createDatabase(place as PostgresPlace, making),
  dropDatabase: (place) => dropDatabase(place as PostgresPlace),
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
  supportsGrants: true,
  heldGrants,
  missingRoles,
  readViews,
  dropViews,
  statementsFor,
  obstacles,
  costOf,
  isReferenced,
  estimateRows,
  claimTables,
  usersOf,
  transaction,
};
