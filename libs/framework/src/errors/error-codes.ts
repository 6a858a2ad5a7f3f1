/**
 * Every code that a {@link DatakitError} can carry, with what it tells the user.
 * This list is the source of `docs/errors.md`; a code that is not here does not compile.
 */
export const errorCodes = {
  AUTH_FAILED: 'The server refused the user, the password or the ticket.',
  BAD_ROWS: 'More rows could not be loaded than `--maxBadRows` allows; nothing was published.',
  CANCELLED: 'The run was stopped by a signal; the load in hand was rolled back.',
  CHECK_FAILED: 'An expectation of severity `error` does not hold.',
  CONTAINER_FAILED: 'A container that we start for you did not start, or no Docker answers.',
  CONTRACT: 'The source does not look like what the entity declares.',
  CURSOR_CHANGED:
    'An incremental load cannot go on where the last one ended: its cursor is another one, or its formats differ.',
  CYCLE: 'Datakits depend on each other in a circle.',
  DATAKIT_INVALID: 'The datakit was found, but what it declares cannot be used.',
  DATAKIT_UNKNOWN: 'There is no datakit at the given path or of the given name.',
  DESTRUCTIVE: 'The plan would lose data, and the objects were not named in `--allowDestructive`.',
  DISK_FULL: 'The disk of the target or of the output folder is full.',
  DRIFT: 'The database does not have the structure that the datakit declares.',
  IDENTIFIER: 'A name cannot be used on this engine.',
  INTERNAL: 'Something happened that should not be possible; please report it.',
  KERBEROS_ENCRYPTION_REFUSED: 'The server does not encrypt with Kerberos, and `gssencmode=require` asks for it.',
  KERBEROS_EXPIRED: 'The Kerberos ticket has expired.',
  KERBEROS_FAILED: 'The Kerberos library or the other side refused.',
  KERBEROS_KDC_UNREACHABLE: 'No KDC of the Kerberos realm answers.',
  KERBEROS_LIBRARY: 'The Kerberos library of the operating system is not installed.',
  KERBEROS_NO_TICKET: 'There is no Kerberos ticket and no keytab to get one from.',
  KERBEROS_SERVICE_UNKNOWN: 'The KDC does not know the service of that host.',
  LOCKED: 'Another run holds the lock and kept it longer than `--lockTimeout`.',
  NEEDS_APPROVAL: 'A protected database is only changed by an approved plan.',
  NOT_DEPLOYED: 'The tables are not in the target yet.',
  NOT_DISPOSABLE: 'Only a database that this framework made as a disposable one may be dropped.',
  OPTION_INVALID: 'An option has a value that cannot be used, or two options exclude each other.',
  OPTION_UNKNOWN: 'There is no such option.',
  OUTPUT_UNWRITABLE: 'The output folder or the report file cannot be written.',
  PLAN_INVALID: 'A plan file is missing, is not one, or was edited.',
  PLAN_STALE: 'The database or the datakit changed since the plan was made.',
  RIGHTS_MISSING: 'The account lacks a right, or the server a setting, that the work needs.',
  ROLE_UNKNOWN: 'A datakit lets a role read it that the server does not have.',
  RUNTIME: 'The Node.js that runs this is too old.',
  SECRET_IN_ARGS: 'A password was given on the command line, where every user of the machine can read it.',
  SERVER_FAILED: 'A server that we start for you did not start.',
  SOURCE_TABLE_UNKNOWN: 'The source has no such table, or the user may not read it.',
  SOURCE_UNAVAILABLE: 'The source cannot be reached or is not configured.',
  TABLE_UNKNOWN: 'The datakit has no such table.',
  TARGET_FAILED: 'The target refused a statement.',
  TARGET_UNKNOWN: 'There is no database target of that name.',
  TARGET_UNREACHABLE: 'The server of the target does not answer.',
  TYPE_UNSUPPORTED: 'A column type has no exact form on this engine.',
} as const;

/** The name of one kind of failure; stable, for scripts. */
export type ErrorCode = keyof typeof errorCodes;
