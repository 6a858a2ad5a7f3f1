/** Where a database is, resolved: no variables, no guesses left. Holds the password, so it is never printed. */
export type Place =
  | { readonly engine: 'sqlite'; readonly file: string | ':memory:' }
  | {
      readonly engine: 'postgres';
      /** Host name, or the folder of a unix socket. */
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string | undefined;
      readonly database: string;
    };

/** The place for people: `postgres at localhost:5432/datakit`; no user, no password. */
export function describePlace(place: Place): string {
  if (place.engine === 'sqlite') return place.file === ':memory:' ? 'SQLite in memory' : `SQLite file ${place.file}`;
  return `PostgreSQL at ${place.host}:${place.port}/${place.database}`;
}
