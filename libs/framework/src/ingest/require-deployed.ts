import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import { compareTables } from '../structure/compare-structures.ts';
import { allStructures, entityName, type ExpectedTable } from '../structure/expected-tables.ts';
import { besideKeptStates } from '../structure/kept-history.ts';

/** Differences that make a load wrong or impossible; an index more or less does not. Without a trigger history is lost. */
const decisive = new Set(['column missing', 'type', 'trigger missing', 'trigger']);

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
  const structures = allStructures(tables);
  const live = await engine.readTables(
    session,
    structures.map(({ table }) => table),
  );
  const byName = new Map(live.map((structure) => [structure.table.name, structure]));
  const missing = structures.filter(({ table }) => !byName.has(table.name));
  if (missing.length > 0 || !(await new Ledger(engine, session).exists())) {
    const names = missing.map(({ table }) => entityName(table, datakit, engine)).join(', ');
    throw new DatakitError({
      code: 'NOT_DEPLOYED',
      message: `"${datakit.name}" is not deployed here${names === '' ? '' : `: ${names} ${missing.length > 1 ? 'are' : 'is'} missing`}.`,
      hint: 'Run "deploy" first.',
    });
  }
  const differences = structures.flatMap((structure) => {
    const there = byName.get(structure.table.name);
    const found = there ? compareTables(besideKeptStates(structure, there, engine), there) : [];
    return found
      .filter(({ kind }) => decisive.has(kind))
      .map(
        (difference) =>
          `${entityName(structure.table, datakit, engine)}.${difference.object}: ${difference.kind}; ` +
          `expected ${difference.expected}, found ${difference.found ?? 'nothing'}`,
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
