/** The columns that an ingest adds to every row, and that no source has. */
export const metadataColumns = [
  'bronze_load_timestamp',
  'bronze_source_system',
  'bronze_source_table',
  'bronze_source_host',
  'bronze_extraction_method',
  'bronze_load_id',
] as const;

/** One line of SQL that PostgreSQL, SQLite and DuckDB understand: what the metadata columns of a table hold. */
export function metadataQuery(table: string, from: string): string {
  const filled = metadataColumns.map((column) => `count(${column})`);
  const values = metadataColumns.flatMap((column) => [
    `min(CAST(${column} AS VARCHAR(99)))`,
    `max(CAST(${column} AS VARCHAR(99)))`,
  ]);
  return `SELECT '${table}', count(*), ${filled.join(', ')}, ${values.join(', ')} FROM ${from}`;
}

/** What is wrong with the metadata of one table, from the row that {@link metadataQuery} gives. */
export function metadataFaults(row: readonly unknown[], expected: { host: string; since: Date }): string[] {
  const [table, rows, ...rest] = row.map(String);
  const unfilled = metadataColumns.flatMap((column, i) => (rest[i] === rows ? [] : [`${column} is null in some rows`]));
  const values = metadataColumns.map((_, i) =>
    rest.slice(metadataColumns.length + 2 * i, metadataColumns.length + 2 * i + 2),
  );
  const [timestamp = '', system, sourceTable, host, method, loadId = ''] = values.map(([least]) => least);
  const loadedAt = new Date(timestamp);
  const checks = {
    'more than one value in a load': values.every(([least, greatest]) => least === greatest),
    [`bronze_load_timestamp ${timestamp}`]: loadedAt >= expected.since && loadedAt <= new Date(),
    [`bronze_source_system ${system}`]: system === 'pagila',
    [`bronze_source_table ${sourceTable}`]: sourceTable === table,
    [`bronze_source_host ${host}`]: host === expected.host,
    [`bronze_extraction_method ${method}`]: method === 'full_snapshot',
    [`bronze_load_id ${loadId}`]: /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(loadId),
  };
  return [...unfilled, ...Object.entries(checks).flatMap(([what, holds]) => (holds ? [] : [what]))].map(
    (fault) => `${table}: ${fault}`,
  );
}
