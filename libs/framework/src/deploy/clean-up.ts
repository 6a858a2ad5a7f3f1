import { Ledger } from '../ledger/ledger.ts';
import { ledgerSchema } from '../ledger/ledger-tables.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import { markerOf, refuseUnlessDisposable } from './disposable.ts';
import { tableOfObject } from './owned-objects.ts';

/** What a clean-up dropped. */
export interface CleanUpResult {
  readonly droppedDatabase: boolean;
  /** Tables dropped from a database that was there before. */
  readonly droppedTables: readonly string[];
}

/**
 * Drops what one run created: the database where the run made it, else the tables that it made in a disposable one.
 * What was there before stays.
 *
 * @throws NOT_DISPOSABLE for a database that carries no marker of ours
 */
export async function cleanUpRun(database: TargetDatabase, runId: string): Promise<CleanUpResult> {
  const { engine } = database;
  const session = await database.connectIfThere();
  if (!session) return { droppedDatabase: false, droppedTables: [] };
  let createdByThisRun: boolean;
  try {
    const ledger = new Ledger(engine, session);
    await refuseUnlessDisposable(database, session, '--cleanup drops tables');
    createdByThisRun = (await markerOf(database, session))?.createdByRun === runId;
    if (!createdByThisRun) {
      if (!(await ledger.exists())) return { droppedDatabase: false, droppedTables: [] };
      const objects = await ledger.objects.list({ runId });
      const tables = objects.filter(({ kind }) => kind === 'table').map(({ object }) => object);
      await engine.transaction(session, { locks: [], timeoutSeconds: 10, structural: true }, async () => {
        const views = objects.filter(({ kind }) => kind === 'view').map(({ object }) => tableOfObject(object, engine));
        await engine.dropViews(session, views);
        const names = tables.map((table) => tableOfObject(table, engine));
        await engine.dropTables(session, names);
        for (const { object: schema } of objects.filter(
          ({ kind, object }) => kind === 'schema' && object !== ledgerSchema,
        )) {
          // Somebody may have put tables of their own into it meanwhile.
          const others = await session.query('select 1 from information_schema.tables where table_schema = ? limit 1', [
            schema,
          ]);
          if (others.length === 0) await session.execute(`drop schema if exists ${engine.quote(schema)}`);
        }
        await ledger.objects.forget(objects);
        await ledger.deployments.forgetRun(runId);
      });
      return { droppedDatabase: false, droppedTables: tables };
    }
  } finally {
    await database.disconnect(session);
  }
  await database.drop();
  return { droppedDatabase: true, droppedTables: [] };
}
