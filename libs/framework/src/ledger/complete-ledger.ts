import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { StructureChange } from '../engines/structure-change.ts';
import type { TableStructure } from '../engines/table-structure.ts';
import { ledgerSchema, ledgerTableName, ledgerTables } from './ledger-tables.ts';

/** What the bookkeeping of a database lacks; empty where it is of this version. */
export function missingFrom(live: readonly TableStructure[], engine: Engine): StructureChange[] {
  const there = new Map(live.map((structure) => [structure.table.name, structure]));
  const marker = ledgerTableName('database', engine).name;
  // What the database is comes first: where every statement commits by itself, a killed run must not leave all tables
  // and no mark, which the next one would take for complete.
  const wanted = ledgerTables(engine).toSorted(
    (one, other) => Number(other.table.name === marker) - Number(one.table.name === marker),
  );
  return wanted.flatMap((structure): StructureChange[] => {
    const known = there.get(structure.table.name);
    if (!known) return [{ kind: 'create table', table: structure }];
    const names = new Set(known.columns.map((column) => column.name));
    const columns = structure.columns.filter((column) => !names.has(column.name));
    if (columns.length === 0) return [];
    const to = { ...known, columns: [...known.columns, ...columns] };
    return [{ kind: 'alter table', from: known, to, parts: columns.map((column) => ({ kind: 'add column', column })) }];
  });
}

/**
 * Makes what the bookkeeping lacks; what is there stays as it is.
 * @param whenMarkable runs as soon as the table that says what the database is is there
 */
export async function completeLedger(
  engine: Engine,
  session: Session,
  missing: readonly StructureChange[],
  whenMarkable: () => Promise<void>,
): Promise<void> {
  const change = async (each: StructureChange): Promise<void> => {
    for (const { sql } of await engine.statementsFor(session, each)) await session.execute(sql);
  };
  const marker = ledgerTableName('database', engine).name;
  const isMarker = (each: StructureChange): boolean =>
    each.kind === 'create table'
      ? each.table.table.name === marker
      : each.kind === 'alter table' && each.to.table.name === marker;
  if (missing.some(({ kind }) => kind === 'create table'))
    await change({ kind: 'create schema', schema: ledgerSchema });
  for (const each of missing.filter(isMarker)) await change(each);
  await whenMarkable();
  for (const each of missing.filter((other) => !isMarker(other))) await change(each);
}
