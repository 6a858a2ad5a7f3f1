import { createTarget } from '@datakit/framework';
import type { TestMariaDB, TestPostgres } from '@datakit/framework/testing';
import type { Place } from './place.ts';
import { mariadbReader, psqlReader, readNdjson, readParquet, sqliteReader } from './readers.ts';

const database = 'types_target';

/** Every target and file format, each in its own database. */
export function openPlaces(servers: { postgres: TestPostgres; mariadb: TestMariaDB; sqliteFile: string }): Place[] {
  const { postgres, mariadb, sqliteFile } = servers;
  const at = ({ host, port, user, password }: TestPostgres | TestMariaDB) => ({ host, port, user, password, database });
  const sqlite = createTarget({ type: 'sqlite', database: sqliteFile });
  return [
    {
      name: 'PostgreSQL',
      target: createTarget({ type: 'postgres', ...at(postgres) }),
      format: 'table',
      read: psqlReader(postgres, database, 'types'),
      canonical: (type, { text = '' }) => (type === 'boolean' ? ({ t: 'true', f: 'false' }[text] ?? text) : text),
    },
    { name: 'SQLite', target: sqlite, format: 'table', read: sqliteReader(sqliteFile), canonical: portable },
    {
      name: 'MySQL, MariaDB',
      target: createTarget({ type: 'mariadb', ...at(mariadb) }),
      format: 'table',
      read: mariadbReader(mariadb, database),
      canonical: portable,
    },
    { name: 'Parquet', target: sqlite, format: 'parquet', read: readParquet, canonical: duckDb },
    { name: 'NDJSON', target: sqlite, format: 'json', read: readNdjson, canonical: portable },
  ];
}

/** Our documented forms back into PostgreSQL's: instants of ISO 8601, booleans as numbers, bytes in hex. */
function portable(type: string, { storedAs, text = '' }: { storedAs: string; text?: string }): string {
  if (type === 'boolean') return text === '1' ? 'true' : text === '0' ? 'false' : text;
  if (type === 'bytea' && storedAs.endsWith('blob')) return `\\x${text.toLowerCase()}`;
  if (/^time.*(?<!\[\])$/.test(type) && !/^-?infinity$|BC$/.test(text)) {
    const withZone = type.endsWith('with time zone') && type.startsWith('timestamp') && !/[+-]\d\d$/.test(text);
    const local = text.replace('T', ' ').replace(/Z$/, '');
    return `${/\.\d+$/.test(local) ? local.replace(/\.?0+$/, '') : local}${withZone ? '+00' : ''}`;
  }
  return text;
}

/** DuckDB's words for the same: the era stands behind the day and in parentheses. */
function duckDb(type: string, { text = '' }: { text?: string }): string {
  if (type === 'double precision[]') {
    return text.replaceAll('"nan"', '"NaN"').replaceAll(/"(-?)inf"/g, '"$1Infinity"');
  }
  return text.replaceAll(/ \(BC\)( [^"]*?)?(?="|$)/g, '$1 BC');
}
