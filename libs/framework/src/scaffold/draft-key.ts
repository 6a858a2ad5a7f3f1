import type { TableDescription } from '../engines/table-description.ts';

/** What tells the rows of a table apart. */
export interface DraftKey {
  readonly columns: readonly string[];
  /** Where it comes from; a table without a key still names a column, because the ORM wants one. */
  readonly from: 'primary key' | 'unique index' | 'nothing';
}

/** Types whose values a key can hold on every engine, the usual ones first. */
const keyTypes = ['integer', 'bigint', 'smallint', 'uuid', 'text', 'varchar', 'char', 'date', 'timestamptz'];

/** The primary key, else the shortest unique index over columns that are never null, else none. */
export function draftKey({ primaryKey, indexes, columns }: TableDescription): DraftKey {
  if (primaryKey.length > 0) return { columns: primaryKey, from: 'primary key' };
  const required = new Set(columns.filter(({ nullable }) => !nullable).map(({ name }) => name));
  const [unique] = indexes
    .filter((index) => index.unique && index.columns.every((name) => required.has(name)))
    .toSorted((a, b) => a.columns.length - b.columns.length || (a.name < b.name ? -1 : 1));
  if (unique) return { columns: unique.columns, from: 'unique index' };
  const place = (kind: string): number => (keyTypes.includes(kind) ? keyTypes.indexOf(kind) : keyTypes.length);
  const [named] = columns.toSorted((a, b) => place(a.type.kind) - place(b.type.kind));
  return { columns: named === undefined ? [] : [named.name], from: 'nothing' };
}
