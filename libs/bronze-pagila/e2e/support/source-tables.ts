import type { TestPostgres } from '@datakit/framework/testing';

export interface SourceColumn {
  readonly name: string;
  /** As PostgreSQL prints it, an enum as `text` and a domain as its base type: `numeric(5,2)`, `character(20)`. */
  readonly type: string;
}

export interface SourceTable {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly SourceColumn[];
}

/** The base tables of a schema as the server itself describes them; partitions count as their parent. */
export async function readTables(server: TestPostgres, database: string, schema: string): Promise<SourceTable[]> {
  const described = await server.psql(
    database,
    `SELECT c.relname, a.attname,
       CASE WHEN t.typtype = 'e' THEN 'text'
            WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
            ELSE format_type(a.atttypid, a.atttypmod) END
     FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       JOIN pg_type t ON t.oid = a.atttypid
     WHERE c.relnamespace = '${schema}'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     ORDER BY c.relname, a.attnum`,
  );
  const columns = Map.groupBy(
    described.split('\n').map((line) => line.split('\t') as [table: string, name: string, type: string]),
    ([table]) => table,
  );
  const counts = await server.psql(
    database,
    [...columns.keys()].map((table) => `SELECT '${table}', count(*) FROM ${schema}."${table}"`).join(' UNION ALL '),
  );
  const rows = new Map(counts.split('\n').map((line) => line.split('\t') as [string, string]));
  return [...columns].map(([name, ofTable]) => ({
    name,
    rows: Number(rows.get(name)),
    columns: ofTable.map(([, column, type]) => ({ name: column, type })),
  }));
}
