import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import { refuseUnlessDisposable } from './disposable.ts';
import { tableOfObject } from './owned-objects.ts';

/**
 * Drops the tables and views that the ledger says are this datakit's; nothing else.
 * @throws NOT_DISPOSABLE unless we made the database as a disposable one
 */
export async function dropOwnTables(datakit: Datakit, engine: Engine, session: Session, ledger: Ledger): Promise<void> {
  await refuseUnlessDisposable({ engine }, session, '--recreate drops tables');
  const own = await ledger.objects.list({ datakit: datakit.name });
  const views = own.filter(({ kind }) => kind === 'view').map(({ object }) => tableOfObject(object, engine));
  await engine.dropViews(session, views);
  const tables = own.filter(({ kind }) => kind === 'table').map(({ object }) => tableOfObject(object, engine));
  await engine.dropTables(session, tables);
  await ledger.objects.forget(own.filter(({ kind }) => kind !== 'schema'));
}
