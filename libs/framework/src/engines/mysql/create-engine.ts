import type { Engine } from '../engine.ts';
import type { Place } from '../place.ts';
import { readTables } from './catalogue.ts';
import { statementsFor } from './change-statements.ts';
import { columnDefault } from './column-defaults.ts';
import { columnType, indexMethod, portableType } from './column-types.ts';
import { askServer, connect, connectIfThere, type MysqlPlace } from './connect.ts';
import { copyIn } from './copy-in.ts';
import { difference } from './difference.ts';
import type { Flavour } from './flavour.ts';
import { triggersFor } from './history.ts';
import { instantText } from './instant-text.ts';
import { shapeTable } from './key-lengths.ts';
import { transaction } from './lock.ts';
import { heldGrants, missingRoles } from './grants.ts';
import { obstacles } from './obstacles.ts';
import { createDatabase, creatorOf, databaseExists, dropDatabase, dropTables } from './provision.ts';
import { createQueryDialect } from './query-dialect.ts';
import { checkIdentifier, identifierCharacters, quote, quoteTable } from './quote.ts';
import { isReferenced } from './referenced.ts';
import { createUpkeep } from './upkeep.ts';
import { costOf, estimateRows } from './statement-cost.ts';
import { usersOf } from './table-users.ts';
import { createValueConditions } from './value-conditions.ts';
import { dropViews, readViews } from './views.ts';

/** The engine of one flavour. Its DDL statements commit by themselves, and there are no schemas below a database. */
export function createEngine(flavour: Flavour): Engine {
  const at = (place: Place): MysqlPlace => place as Extract<Place, MysqlPlace>;
  return {
    name: flavour.name,
    supportsSchemas: false,
    supportsIdentity: true,
    tidiesUpAfterLastSession: false,
    supportsConcurrentWriters: true,
    supportsTransactionalDdl: false,
    copyIn,
    valueConditions: createValueConditions(flavour),
    difference,
    queryDialect: createQueryDialect(flavour),
    askServer: (place) => askServer(at(place)),
    connect: (place, options) => connect(at(place), flavour, options),
    connectIfThere: (place, options) => connectIfThere(at(place), flavour, options),
    databaseExists: (place) => databaseExists(at(place), flavour),
    createDatabase: (place, making) => createDatabase(at(place), flavour, making),
    creatorOf,
    dropDatabase: (place) => dropDatabase(at(place), flavour),
    upkeep: createUpkeep(flavour),
    dropTables,
    quote,
    quoteTable,
    checkIdentifier,
    // Characters are counted there, but a name that is made must fit whatever it is made of.
    identifierBytes: identifierCharacters,
    columnType: (type) => columnType(type, flavour),
    portableType,
    columnDefault: (expression, type) => columnDefault(expression, columnType(type, flavour)),
    indexMethod,
    shapeTable,
    instant: instantText,
    readTables: (session, tables) => readTables(session, tables, flavour),
    triggersFor,
    cascadesFireTriggers: false,
    statementsFor: (session, change) => statementsFor(session, change, flavour),
    supportsGrants: true,
    heldGrants,
    missingRoles,
    readViews,
    dropViews,
    obstacles,
    costOf: (change, part) => costOf(change, part, flavour),
    isReferenced,
    estimateRows,
    claimTables: async () => undefined,
    usersOf,
    transaction,
  };
}
