import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import { countOf } from '../report/count-of.ts';
import type { Finding } from '../report/run-report.ts';

/** Rows that the last load of a table set aside: they are missing where somebody looks for them. */
export async function quarantineFindings(datakit: Datakit, engine: Engine, session: Session): Promise<Finding[]> {
  const ledger = new Ledger(engine, session);
  if (!(await ledger.exists())) return [];
  return (await ledger.loads.setAside(datakit.name)).map(({ table, reason, rows, read }) => ({
    check: 'quarantine',
    severity: 'warn',
    object: table,
    kind: reason,
    expected: null,
    found: `${rows.toLocaleString('en')} of ${countOf(read, 'row')} in quarantine`,
    failed: rows,
  }));
}
