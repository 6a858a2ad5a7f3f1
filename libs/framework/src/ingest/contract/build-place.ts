import { deployTo } from '../../deploy/deploy.ts';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { physicalName } from '../../engines/physical-name.ts';
import { ledgerTableName, type LedgerTable } from '../../ledger/ledger-tables.ts';
import type { Datakit } from '../../model/datakit.ts';
import { TargetDatabase } from '../../targets/target-database.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

/** A database with datakits in it, and SQL to look into it: `{schema.table}` is a table, ISO texts are instants. */
export interface BuildPlace {
  readonly database: TargetDatabase;
  query(sql: string): Promise<Rows>;
  /** Rows with all values as text, as the server writes them. */
  texts(table: string, columns: readonly string[], order: string): Promise<string[]>;
  drop(): Promise<void>;
}

let places = 0;

export async function openBuildPlace(
  server: WatchedServer,
  name: string,
  datakits: readonly Datakit[],
): Promise<BuildPlace> {
  const where = { kind: 'place', place: server.place(`${name}_${++places}`) } as const;
  const database = await TargetDatabase.open({
    ...{ name: 'test', inMemory: false, where, workspaceRoot: '/', environment: {} },
  });
  for (const datakit of datakits) await deployTo(datakit, database, { runId: 'run' });
  const { engine } = server;
  const query = async (sql: string): Promise<Rows> => {
    const written = sql
      .replaceAll(/\{(\w+)\.(\w+)\}/g, (_, schema: string, table: string) =>
        engine.quoteTable(
          schema === '_datakit'
            ? ledgerTableName(table as LedgerTable, engine)
            : physicalName({ schema }, table, engine),
        ),
      )
      .replaceAll(/'(\d{4}-\d\d-\d\dT[\d:.]+Z)'/g, (_, iso: string) => `'${engine.instant(iso)}'`);
    const session = await database.connect();
    try {
      return await session.query(written);
    } finally {
      await database.disconnect(session);
    }
  };
  return {
    database,
    query,
    texts: async (table, columns, order) => {
      const list = columns.map((column) => `${engine.valueConditions.text(column)} as ${column}`).join(', ');
      const rows = await query(`select ${list} from ${table} order by ${order}`);
      return rows.map((row) => columns.map((column) => String(row[column])).join('|'));
    },
    drop: async () => {
      await database.drop();
      await database[Symbol.asyncDispose]();
    },
  };
}
