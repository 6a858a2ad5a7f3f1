import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { Finding } from '../report/run-report.ts';
import { hashOf, type ExpectedView } from '../structure/expected-views.ts';

/** One difference between the declared views and those that are there; empty where they are as deployed. */
export async function viewFindings(
  expected: readonly ExpectedView[],
  engine: Engine,
  session: Session,
): Promise<Finding[]> {
  if (expected.length === 0) return [];
  const live = await engine.readViews(
    session,
    expected.map(({ structure }) => structure.view),
  );
  const ledger = new Ledger(engine, session);
  const recorded = (await ledger.exists()) ? await ledger.objects.list({ kind: 'view' }) : [];
  return expected.flatMap(({ name, structure, columns, declared }): Finding[] => {
    const { schema, name: physical } = structure.view;
    const found = live.find(({ view }) => view.name === physical);
    if (!found) return [finding(name, 'view missing', name, null)];
    const object = schema === undefined ? physical : `${schema}.${physical}`;
    const record = recorded.find((each) => each.object === object);
    if (!record) return [finding(name, 'view', 'the declared query', 'a view that no deployment made')];
    if (record.live !== hashOf(found.text)) {
      return [finding(name, 'view', 'the query as it was deployed', 'another query')];
    }
    if (record.declared !== declared)
      return [finding(name, 'view', 'the declared query', 'that of an earlier version')];
    const missing = columns.filter((column) => !found.columns.includes(column));
    return missing.map((column) => finding(`${name}.${column}`, 'column missing', column, null));
  });
}

function finding(object: string, kind: string, expected: string | null, found: string | null): Finding {
  return { check: 'structure', severity: 'error', object, kind, expected, found };
}
