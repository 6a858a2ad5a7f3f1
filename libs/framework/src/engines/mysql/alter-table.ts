import type { EngineStatement } from '../engine.ts';
import type { Session } from '../session.ts';
import type { Alteration, TablePart } from '../structure-change.ts';
import type { ColumnStructure, IndexStructure } from '../table-structure.ts';
import { isForeignComment } from './column-defaults.ts';
import { addForeignKey, columnDefinition, columnList, indexColumns } from './definitions.ts';
import type { Flavour } from './flavour.ts';
import { escapeLiterals, quote, quoteTable } from './quote.ts';

/** Writes the parts of an alteration, each as one statement or few, in their order. */
export async function alterTable(session: Session, change: Alteration, flavour: Flavour): Promise<EngineStatement[]> {
  const { from, to, parts } = change;
  const alter = `alter table ${quoteTable(to.table)}`;
  const { comments, indexNames } = await readMore(session, to.table.name);
  const columns = new Map(from.columns.map((column) => [column.name, column]));
  const define = (column: ColumnStructure): string =>
    columnDefinition(column, flavour, comments.get(column.name) ?? '');

  /** Changes a column, and makes the indexes on it anew: how much of it they take depends on its type. */
  const modify = (column: ColumnStructure): string[] => {
    const before = columns.get(column.name);
    columns.set(column.name, column);
    const live = [...columns.values()];
    const touched = before?.type === column.type ? [] : stayingIndexes(change, column.name);
    const drops = touched.map(({ name }) => `drop index ${quote(name)}`);
    const adds = touched.map((index) => `add ${indexClause(index, live)}`);
    return [`${alter} ${[...drops, `modify column ${define(column)}`, ...adds].join(', ')}`];
  };

  const statements = (part: TablePart): string[] => {
    switch (part.kind) {
      case 'add column':
        columns.set(part.column.name, part.column);
        if (part.column.nullable || part.column.default !== null || part.column.identity)
          return [`${alter} add column ${define(part.column)}`];
        // The server would fill the rows that are there with '' or 0.
        return [`${alter} add column ${define({ ...part.column, nullable: true })}`, ...modify(part.column)];
      case 'drop column':
        columns.delete(part.column.name);
        return [`${alter} drop column ${quote(part.column.name)}`];
      case 'change type':
        return modify({ ...part.to, nullable: part.from.nullable, identity: part.from.identity });
      case 'change default':
        return modify({ ...part.to, nullable: part.from.nullable, identity: part.from.identity });
      case 'change nullability':
        return modify({ ...part.to, identity: part.from.identity });
      case 'change identity':
        return modify(part.to);
      case 'change primary key': {
        const drop = part.from.length > 0 ? ['drop primary key'] : [];
        const add = part.to.length > 0 ? [`add primary key (${columnList(part.to)})`] : [];
        return [`${alter} ${[...drop, ...add].join(', ')}`];
      }
      case 'add index':
        // Said, not hoped for: a server that could only build it while writers wait refuses instead.
        return [`${alter} add ${indexClause(part.index, [...columns.values()])}, algorithm=inplace, lock=none`];
      case 'drop index':
        return [
          `${alter} ${[...indexesInItsPlace(change, part.index), `drop index ${quote(part.index.name)}`].join(', ')}`,
        ];
      case 'add foreign key':
        return [addForeignKey(to.table, part.foreignKey)];
      case 'drop foreign key': {
        const { name } = part.foreignKey;
        const withIndex = indexNames.has(name) ? `, drop index ${quote(name)}` : '';
        return [`${alter} drop foreign key ${quote(name)}${withIndex}`];
      }
      case 'add check':
        return [`${alter} add constraint ${quote(part.check.name)} check (${escapeLiterals(part.check.expression)})`];
      case 'drop check':
        return [`${alter} drop constraint ${quote(part.check.name)}`];
      case 'add trigger':
        return [...(part.trigger.catchUp ?? []), ...(part.trigger.create ?? [])];
      case 'drop trigger':
        return [`drop trigger ${quote(part.trigger.name)}`];
    }
  };
  return parts.flatMap((part) => statements(part).map((sql) => ({ sql, part, ...placeOf(part) })));
}

/** Foreign keys stand in the way of changes of other tables, and need their tables. */
function placeOf({ kind }: TablePart): { first?: boolean; last?: boolean } {
  return kind === 'drop foreign key' ? { first: true } : kind === 'add foreign key' ? { last: true } : {};
}

function indexClause(index: IndexStructure, columns: readonly ColumnStructure[]): string {
  return `${index.unique ? 'unique ' : ''}index ${quote(index.name)} (${indexColumns(index, columns)})`;
}

function stayingIndexes({ from, parts }: Alteration, column: string): IndexStructure[] {
  const gone = new Set(parts.flatMap((part) => (part.kind === 'drop index' ? [part.index.name] : [])));
  return from.indexes.filter((index) => index.columns.includes(column) && !gone.has(index.name));
}

/** The server refuses to drop the last index of a relation that stays. */
function indexesInItsPlace({ from, parts }: Alteration, index: IndexStructure): string[] {
  const gone = new Set(parts.flatMap((part) => (part.kind === 'drop foreign key' ? [part.foreignKey.name] : [])));
  return from.foreignKeys
    .filter(({ name, columns }) => !gone.has(name) && columns.every((column, at) => index.columns[at] === column))
    .map(({ name, columns }) => `add index ${quote(name)} (${columnList(columns)})`);
}

/** What the structure does not say: comments by hand, and the indexes that the server made for relations. */
async function readMore(
  session: Session,
  table: string,
): Promise<{ comments: ReadonlyMap<string, string>; indexNames: ReadonlySet<string> }> {
  const comments = await session.query<{ name: string; comment: string }>(
    `select column_name as name, column_comment as comment from information_schema.columns
     where table_schema = database() and table_name = ?`,
    [table],
  );
  const indexes = await session.query<{ name: string }>(
    `select distinct index_name as name from information_schema.statistics
     where table_schema = database() and table_name = ?`,
    [table],
  );
  return {
    comments: new Map(
      comments.filter(({ comment }) => isForeignComment(comment)).map(({ name, comment }) => [name, comment]),
    ),
    indexNames: new Set(indexes.map(({ name }) => name)),
  };
}
