import type { RenamedIndex, RenamedTable } from '../engines/structure-change.ts';
import type { Session } from '../engines/session.ts';
import type { IndexStructure, TableName, TableStructure } from '../engines/table-structure.ts';
import type { Engine } from '../engines/engine.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';
import type { Datakit } from '../model/datakit.ts';
import { declaredRenames, type DeclaredRename } from '../structure/declared-renames.ts';
import { allStructures, type ExpectedTable } from '../structure/expected-tables.ts';
import { qualified } from './owned-objects.ts';

/** What the search looks at. */
export interface RenameSearch {
  readonly datakit: Datakit;
  readonly engine: Engine;
  readonly session: Session;
  readonly expected: readonly ExpectedTable[];
  /** The declared tables that are there under their new names. */
  readonly live: readonly TableStructure[];
  ownerOf(object: LedgerObject): string | undefined;
}

/** A rename that is still to be done, and the table as it is now. */
export interface PendingRename extends RenamedTable {
  readonly live: TableStructure;
  readonly indexes: readonly RenamedIndex[];
}

/**
 * Declared renames whose old name is there and whose new name is not. Once done they stay declared without effect.
 * @throws DRIFT where both names are there, or the old one is not ours
 */
export async function findRenames(search: RenameSearch): Promise<PendingRename[]> {
  const declared = declaredRenames(search.expected, search.datakit, search.engine);
  if (declared.length === 0) return [];
  const oldNames = declared.flatMap(({ from }) => (from ? [from] : []));
  const old = await search.engine.readTables(search.session, oldNames);
  return declared.flatMap((rename) => {
    const found = pending(rename, old, search);
    return found ? [{ ...found, indexes: renamedIndexes(found, search) }] : [];
  });
}

function pending(
  { from, to, columns }: DeclaredRename,
  old: readonly TableStructure[],
  search: RenameSearch,
): Omit<PendingRename, 'indexes'> | undefined {
  const known = search.live.find(({ table }) => qualified(table) === qualified(to));
  const former = from && old.find(({ table }) => qualified(table) === qualified(from));
  const isOurs = (table: TableName, column?: string): boolean => {
    const object = column === undefined ? qualified(table) : `${qualified(table)}.${column}`;
    return search.ownerOf({ kind: column === undefined ? 'table' : 'column', object }) === search.datakit.name;
  };
  // A table of that name that is not ours is somebody else's business once ours is there.
  if (known && former && isOurs(former.table)) throw bothThere(qualified(former.table), qualified(to));
  const live = known ?? former;
  if (!live) return undefined;
  if (!known && !isOurs(live.table)) throw notOurs(qualified(live.table), qualified(to));
  const names = new Set(live.columns.map(({ name }) => name));
  const renamed = columns.filter(({ from: name, to: newName }) => {
    if (!names.has(name)) return false;
    // Of a deployment that was killed in between the new name may be recorded already.
    if (!names.has(newName) && (isOurs(live.table, name) || isOurs(live.table, newName))) return true;
    if (isOurs(live.table, name)) throw bothThere(`${qualified(live.table)}.${name}`, newName);
    return false;
  });
  if (known && renamed.length === 0) return undefined;
  return { from: live.table, to, columns: renamed, live };
}

/** Indexes of ours that are declared under another name, because that was made from the table's, and are the same otherwise. */
function renamedIndexes(
  { live, to, columns }: Omit<PendingRename, 'indexes'>,
  { datakit, expected, ownerOf }: RenameSearch,
): RenamedIndex[] {
  const declared = allStructures(expected).find(({ table }) => qualified(table) === qualified(to))?.indexes ?? [];
  const column = (name: string): string => columns.find(({ from }) => from === name)?.to ?? name;
  const meaning = ({ columns: names, unique, method }: IndexStructure): string =>
    JSON.stringify([names, unique, method]);
  const free = live.indexes
    .filter(({ name }) => !declared.some((index) => index.name === name))
    .filter(({ name }) => ownerOf({ kind: 'index', object: `${qualified(live.table)}.${name}` }) === datakit.name)
    .map((index) => ({ ...index, columns: index.columns.map(column) }));
  return declared
    .filter(({ name }) => !live.indexes.some((index) => index.name === name))
    .flatMap((wanted) => {
      const at = free.findIndex((index) => meaning(index) === meaning(wanted));
      return at === -1 ? [] : free.splice(at, 1).map((from) => ({ from, to: wanted }));
    });
}

function bothThere(from: string, to: string): DatakitError {
  return new DatakitError({
    code: 'DRIFT',
    message: `${from} is to be renamed to ${to}, and both are there; nothing was changed.`,
    hint: 'Bring their content together by hand and drop one of them, then deploy again.',
  });
}

function notOurs(from: string, to: string): DatakitError {
  return new DatakitError({
    code: 'DRIFT',
    message: `${from} is to be renamed to ${to}, and no deployment of this datakit made it; nothing was changed.`,
    hint: 'Rename it by hand, or remove "renamedFrom" to make a new one.',
  });
}
