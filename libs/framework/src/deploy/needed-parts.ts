import type { TablePart } from '../engines/structure-change.ts';
import type { TableStructure } from '../engines/table-structure.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';
import { compareTables } from '../structure/compare-structures.ts';
import { objectOfPart } from './owned-objects.ts';

/** What must change in a live table, in the order in which it can. What somebody added by hand is not ours to drop. */
export function neededParts(
  expected: TableStructure,
  live: TableStructure,
  isOurs: (object: LedgerObject) => boolean,
): TablePart[] {
  const parts = compareTables(expected, live).flatMap((difference) => {
    const isExtra = difference.expected === null && difference.kind.endsWith('not declared');
    return difference.parts.filter((part) => {
      const object = objectOfPart(expected.table, part);
      return !isExtra || (object !== undefined && isOurs(object));
    });
  });
  return parts.sort((a, b) => partOrder.indexOf(a.kind) - partOrder.indexOf(b.kind));
}

/** What hangs on a column goes before it and comes after it. */
const partOrder: readonly TablePart['kind'][] = [
  'drop foreign key',
  'drop check',
  'drop index',
  'add column',
  'change type',
  'change default',
  'change nullability',
  'change identity',
  'change primary key',
  'drop trigger',
  'drop column',
  'add index',
  'add check',
  'add foreign key',
  'add trigger',
];
