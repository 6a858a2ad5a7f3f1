import type { Session } from '../session.ts';
import type { StatementCost } from '../statement-cost.ts';
import type { StructureChange, TablePart } from '../structure-change.ts';
import type { TableName } from '../table-structure.ts';
import type { Flavour } from './flavour.ts';

/** Readers and writers go on; at the beginning and the end all of them wait for a moment. */
const online = { blocks: 'nothing', lock: 'metadata lock for a moment' } as const;
/** The table is copied, and only readers go on meanwhile. */
const copy = { work: 'rewrites', blocks: 'writes', lock: 'shared' } as const;

/**
 * What a statement costs a table that is in use; undefined for what nobody can use yet.
 * @see https://dev.mysql.com/doc/refman/8.0/en/innodb-online-ddl-operations.html
 * @see https://mariadb.com/kb/en/innodb-online-ddl-overview/
 */
export function costOf(
  change: StructureChange,
  part: TablePart | undefined,
  flavour: Flavour,
): StatementCost | undefined {
  if (change.kind === 'drop table' || change.kind === 'rename table')
    return { work: 'none', blocks: 'reads and writes', lock: 'metadata lock' };
  if (change.kind !== 'alter table' || !part) return undefined;
  switch (part.kind) {
    case 'add column': {
      // A default that every row computes for itself is written into each.
      if (part.column.identity || /\w\s*\(/.test(part.column.default ?? '')) return copy;
      const isInstant = part.column.nullable || part.column.default !== null;
      return { work: isInstant ? 'none' : 'rewrites', ...online };
    }
    case 'drop column':
      return { work: flavour.dropsColumnsInPlace ? 'none' : 'rewrites', ...online };
    case 'change type':
    case 'change identity':
    case 'add check':
      return copy;
    case 'change nullability':
      return { work: 'rewrites', ...online };
    case 'change primary key':
      return part.to.length > 0 ? { work: 'rewrites', ...online } : copy;
    case 'add index':
      return { work: 'reads', ...online };
    case 'add trigger':
      return part.trigger.catchUp
        ? { work: 'reads', blocks: 'writes', lock: 'of the rows' }
        : { work: 'none', ...online };
    case 'add foreign key':
      return { ...copy, alsoLocks: [part.foreignKey.references.table] };
    case 'drop foreign key':
      return { work: 'none', ...online, alsoLocks: [part.foreignKey.references.table] };
    default:
      return { work: 'none', ...online };
  }
}

/** About how many rows tables have, as the server guesses it. */
export async function estimateRows(
  session: Session,
  tables: readonly TableName[],
): Promise<ReadonlyMap<string, number>> {
  if (tables.length === 0) return new Map();
  const rows = await session.query<{ name: string; estimate: unknown }>(
    `select table_name as name, table_rows as estimate from information_schema.tables
     where table_schema = database() and table_name in (${tables.map(() => '?').join(', ')}) and table_rows is not null`,
    tables.map(({ name }) => name),
  );
  return new Map(rows.map(({ name, estimate }) => [name, Number(estimate)]));
}
