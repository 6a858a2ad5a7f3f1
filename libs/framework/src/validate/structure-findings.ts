import type { Engine } from '../engines/engine.ts';
import type { TableStructure } from '../engines/table-structure.ts';
import type { Datakit } from '../model/datakit.ts';
import type { Finding } from '../report/run-report.ts';
import { compareTables } from '../structure/compare-structures.ts';
import { entityName } from '../structure/expected-tables.ts';
import { besideKeptStates } from '../structure/kept-history.ts';

/** Every difference between the declared tables and those that are there. */
export function structureFindings(
  datakit: Datakit,
  expected: readonly TableStructure[],
  live: readonly TableStructure[],
  engine: Engine,
): Finding[] {
  const liveByName = new Map(live.map((structure) => [structure.table.name, structure]));
  return expected.flatMap((structure): Finding[] => {
    const found = liveByName.get(structure.table.name);
    const name = entityName(structure.table, datakit, engine);
    if (!found) return [finding(name, 'table missing', name, null)];
    return compareTables(besideKeptStates(structure, found, engine), found).map((difference) => ({
      ...finding(
        difference.object === '' ? name : `${name}.${difference.object}`,
        difference.kind,
        difference.expected,
        difference.found,
      ),
      severity: difference.harmless ? 'warn' : 'error',
    }));
  });
}

function finding(object: string, kind: string, expected: string | null, found: string | null): Finding {
  return { check: 'structure', severity: 'error', object, kind, expected, found };
}
