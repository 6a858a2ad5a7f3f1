import { deployTo } from '../../deploy/deploy.ts';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { connect, type PostgresSession } from '../../engines/postgres/connect.ts';
import type { Session } from '../../engines/session.ts';
import type { Datakit } from '../../model/datakit.ts';
import { TargetDatabase } from '../../targets/target-database.ts';
import { ingestInto } from '../ingest.ts';
import type { IngestOptions, LoadedTable } from '../ingest-request.ts';

/** A database to load into and the PostgreSQL to read from, opened for one test. */
export interface LoadingKit extends AsyncDisposable {
  readonly source: PostgresSession;
  readonly session: Session;
  readonly target: TargetDatabase;
  deploy(datakit: Datakit): Promise<void>;
  /** Loads the first table, or those that the options name. @returns what the report says of the first one */
  load(datakit: Datakit, options?: Partial<IngestOptions>): Promise<LoadedTable>;
  /** Rows of a query in which `{film}` is a table of the datakit, `{_datakit.loads}` one of the bookkeeping. */
  query(sql: string): Promise<Record<string, unknown>[]>;
}

/** @param schema the one of the datakit */
export async function openLoadingKit(server: WatchedServer, database: string, schema: string): Promise<LoadingKit> {
  const where = { kind: 'place', place: server.place(database) } as const;
  const rest = { name: 'test', inMemory: false, protected: false, workspaceRoot: '/', environment: {} };
  const target = await TargetDatabase.open({ ...rest, where });
  const { engine } = target;
  const source = await connect({ engine: 'postgres', ...server.source });
  const opened: { session?: Session } = {};
  const { user, password, host, port, database: from } = server.source;
  const sourceUrl = `postgresql://${user}:${encodeURIComponent(password ?? '')}@${host}:${port}/${from}`;
  const session = (): Session => {
    if (!opened.session) throw new Error('deploy first');
    return opened.session;
  };
  const named = (text: string): string => {
    const [name = '', other] = text.split('.').reverse();
    const of = other ?? schema;
    return engine.quoteTable(engine.supportsSchemas ? { schema: of, name } : { name: `${of}_${name}` });
  };
  return {
    source,
    target,
    get session() {
      return session();
    },
    deploy: async (datakit) => {
      await deployTo(datakit, target, { runId: 'run' });
      opened.session ??= await target.connect();
    },
    load: async (datakit, options = {}) => {
      const { tables } = await ingestInto(datakit, target, { runId: 'run', sourceUrl, ...options });
      return tables[0] as LoadedTable;
    },
    query: (sql) => session().query(sql.replaceAll(/\{([\w.]+)\}/g, (_, each: string) => named(each))),
    [Symbol.asyncDispose]: async () => {
      await source[Symbol.asyncDispose]();
      await target.drop();
      await target[Symbol.asyncDispose]();
    },
  };
}
