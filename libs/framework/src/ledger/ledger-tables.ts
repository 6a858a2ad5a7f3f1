import type { Engine } from '../engines/engine.ts';
import type { TableName, TableStructure } from '../engines/table-structure.ts';
import { parseColumnType } from '../model/column-type.ts';
import type { WireColumn } from '../model/wire-format.ts';

/** Schema, or prefix, of the bookkeeping in every target. */
export const ledgerSchema = '_datakit';

/**
 * The bookkeeping tables: column → type; `?` marks nullable ones, `#` the key. Databases of earlier versions are
 * completed by the next deployment, so a table or a nullable column may be added here, and nothing may be taken away.
 */
const tables = {
  /** What this database is: disposable, plain or protected. One row. */
  database: {
    '#id': 'smallint',
    kind: 'text',
    created_by_run: 'text?',
    recorded_at: 'timestamptz',
    expires_at: 'timestamptz?',
    /** Seconds from each deployment to `expires_at`. */
    time_to_live: 'integer?',
  },
  deployments: {
    '#deployment_id': 'uuid',
    run_id: 'text',
    datakit: 'text',
    model_fingerprint: 'text',
    live_fingerprint: 'text',
    plan_hash: 'text?',
    tool: 'text',
    deployed_by: 'text',
    started_at: 'timestamptz',
    finished_at: 'timestamptz',
  },
  statements: { '#deployment_id': 'uuid', '#position': 'integer', object: 'text', class: 'text', sql: 'text' },
  /** What each datakit created here: what is not in this list is not ours. */
  objects: {
    '#kind': 'text',
    '#object': 'text',
    datakit: 'text',
    run_id: 'text',
    created_at: 'timestamptz',
    // Hashes of a text that servers rewrite: as it was declared, and as the server showed it after the deployment.
    declared: 'text?',
    live: 'text?',
  },
  loads: {
    '#load_id': 'uuid',
    run_id: 'text',
    datakit: 'text',
    table_name: 'text',
    status: 'text',
    source_system: 'text',
    source_table: 'text',
    source_host: 'text',
    extraction_method: 'text',
    disposition: 'text',
    published: 'text',
    formats: 'text',
    rows_read: 'bigint',
    rows_loaded: 'bigint',
    rows_quarantined: 'bigint',
    bytes: 'bigint',
    started_at: 'timestamptz',
    published_at: 'timestamptz',
    /** Hash of what the table and its rows were declared to be. */
    definition: 'text?',
  },
  /** How far incremental loads of a table came, for each format that they write. */
  cursors: {
    '#object': 'text',
    '#format': 'text',
    source_system: 'text',
    column_name: 'text',
    column_kind: 'text',
    /** Exact, as text. */
    value: 'text',
    load_id: 'uuid',
    recorded_at: 'timestamptz',
  },
  /** Rows of published loads that could not be loaded. */
  quarantine: {
    '#load_id': 'uuid',
    '#reject': 'bigint',
    datakit: 'text',
    table_name: 'text',
    /** As JSON by the source's names, or a JSON text where it is no row. */
    source_row: 'text',
    /** The source's name; null where the whole row is meant. */
    column_name: 'text?',
    reason: 'text',
    file: 'text?',
    line: 'bigint?',
    /** Which row of the source, counted from 1; null where it is no row. */
    position: 'bigint?',
  },
  /** Files of sources whose rows were loaded, for each format that was written. */
  files: {
    '#load_id': 'uuid',
    '#format': 'text',
    '#position': 'integer',
    object: 'text',
    source_system: 'text',
    name: 'text',
    bytes: 'bigint',
    sha256: 'text',
  },
} as const satisfies Record<string, Record<string, string>>;

export type LedgerTable = keyof typeof tables;

/** The tables that every version made. Readers of a later one look whether it is there. */
export const firstVersionTables = [
  'database',
  'deployments',
  'statements',
  'objects',
  'loads',
] as const satisfies readonly LedgerTable[];

/** Where a bookkeeping table lies on an engine. */
export function ledgerTableName(table: LedgerTable, engine: Engine): TableName {
  return engine.supportsSchemas ? { schema: ledgerSchema, name: table } : { name: `${ledgerSchema}_${table}` };
}

/** The bookkeeping tables as structures of an engine. */
export function ledgerTables(engine: Engine): TableStructure[] {
  return (Object.keys(tables) as LedgerTable[]).map((name) => {
    const columns = Object.entries<string>(tables[name]);
    return engine.shapeTable({
      table: ledgerTableName(name, engine),
      columns: columns.map(([column, type]) => ({
        name: column.replace('#', ''),
        type: engine.columnType(parseColumnType(type.replace('?', ''))),
        nullable: type.endsWith('?'),
        default: null,
        identity: false,
      })),
      primaryKey: columns.filter(([column]) => column.startsWith('#')).map(([column]) => column.slice(1)),
      indexes: [],
      foreignKeys: [],
      checks: [],
      triggers: [],
    });
  });
}

/** The columns of a bookkeeping table, as rows bring them. */
export function ledgerColumns(table: LedgerTable): WireColumn[] {
  return Object.entries<string>(tables[table]).map(([column, type]) => ({
    name: column.replace('#', ''),
    type: parseColumnType(type.replace('?', '')),
  }));
}

/** True for a bookkeeping column that holds an instant. */
export function isInstant(table: LedgerTable, column: string): boolean {
  return (tables[table] as Record<string, string>)[column]?.replace('?', '') === 'timestamptz';
}
