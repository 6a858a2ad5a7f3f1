import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import { compareTables } from '../structure/compare-structures.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';

/** Differences that make a load wrong or impossible; an index more or less does not. */
const decisive = new Set(['column missing', 'type']);

/**
 * Makes sure that the tables of a load are there and take its columns.
 *
 * @throws NOT_DEPLOYED naming the tables that are missing
 * @throws DRIFT naming the columns that are missing or of another type
 */
export async function requireDeployed(
  datakit: Datakit,
  tables: readonly ExpectedTable[],
  engine: Engine,
  session: Session,
): Promise<void> {
  const live = await engine.readTables(
    session,
    tables.map((table) => table.structure.table),
  );
  const byName = new Map(live.map((structure) => [structure.table.name, structure]));
  const missing = tables.filter((table) => !byName.has(table.structure.table.name));
  if (missing.length > 0 || !(await new Ledger(engine, session).exists())) {
    const names = missing.map((table) => table.name).join(', ');
    throw new DatakitError({
      code: 'NOT_DEPLOYED',
      message: `"${datakit.name}" is not deployed here${names === '' ? '' : `: ${names} ${missing.length > 1 ? 'are' : 'is'} missing`}.`,
      hint: 'Run "deploy" first.',
    });
  }
  const differences = tables.flatMap((table) => {
    const structure = byName.get(table.structure.table.name);
    const found = structure ? compareTables(table.structure, structure) : [];
    return found
      .filter(({ kind }) => decisive.has(kind))
      .map(
        ({ object, kind, expected, found: there }) =>
          `${table.name}.${object}: ${kind}; expected ${expected}, found ${there ?? 'nothing'}`,
      );
  });
  if (differences.length === 0) return;
  throw new DatakitError({
    code: 'DRIFT',
    message: `The tables are not as declared; nothing was loaded:\n${differences.map((difference) => `- ${difference}`).join('\n')}`,
    hint: '"validate" shows all differences, "deploy" mends what is ours.',
    details: { differences },
  });
}
