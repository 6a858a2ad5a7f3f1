import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** DuckDB would take most of the machine's memory; it puts aside what is more. */
const usualMegabytes = 128;
// More threads take more memory each (1 M rows: 350 MB with one, 480 MB with two) and the source's cores.
const threads = '1';

/** A DuckDB in memory that ends with its scope. */
export interface DuckDb extends Disposable {
  readonly connection: DuckDBConnection;
  /** One more, for statements that run at the same time; it ends with the database. */
  connect(): Promise<DuckDBConnection>;
  /** Where it puts what does not fit into memory, and we beside it. Whoever opened it removes it. */
  readonly temporaryFolder: string;
}

/** Loads DuckDB, 70 MB of native code, only when a file is read or written through it. */
export async function openDuckDb(temporaryFolder: string, megabytes = usualMegabytes): Promise<DuckDb> {
  const duckdb = await import('@duckdb/node-api');
  const instance: DuckDBInstance = await duckdb.DuckDBInstance.create(':memory:', {
    memory_limit: `${megabytes}MB`,
    threads,
    temp_directory: temporaryFolder,
    preserve_insertion_order: 'true',
  });
  const connections: DuckDBConnection[] = [];
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance.connect();
    connections.push(connection);
    await connection.run("set timezone = 'UTC'");
    return connection;
  };
  return {
    connection: await connect(),
    connect,
    temporaryFolder,
    [Symbol.dispose]: () => {
      for (const connection of connections) connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Quotes a text for DuckDB's SQL. */
export function duckDbLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Quotes a name for DuckDB's SQL. */
export function duckDbIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
