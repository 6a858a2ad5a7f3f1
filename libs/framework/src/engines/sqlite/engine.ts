import type { Engine } from '../engine.ts';
import type { Place } from '../place.ts';
import { readTables } from './catalogue.ts';
import { statementsFor } from './change-statements.ts';
import { columnDefault, columnType, indexMethod } from './column-types.ts';
import { connect } from './connect.ts';
import { copyIn } from './copy-in.ts';
import { transaction } from './lock.ts';
import { createDatabase, databaseExists, dropDatabase } from './provision.ts';
import { checkIdentifier, identifierBytes, quote, quoteTable } from './quote.ts';

type SqlitePlace = Extract<Place, { engine: 'sqlite' }>;

/** SQLite through `node:sqlite`, which every supported Node.js brings. */
export const engine: Engine = {
  name: 'sqlite',
  supportsSchemas: false,
  supportsIdentity: false,
  supportsConcurrentWriters: false,
  copyIn,
  connect: (place, options) => connect(place as SqlitePlace, options),
  databaseExists: (place) => databaseExists(place as SqlitePlace),
  createDatabase: (place) => createDatabase(place as SqlitePlace),
  dropDatabase: (place) => dropDatabase(place as SqlitePlace),
  dropCascade: '',
  quote,
  quoteTable,
  checkIdentifier,
  identifierBytes,
  columnType,
  columnDefault,
  indexMethod,
  readTables,
  statementsFor,
  transaction,
};
