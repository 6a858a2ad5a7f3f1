import { isWidening } from '../../model/widening.ts';
import { parseColumnType } from '../../model/column-type.ts';
import type { Session } from '../session.ts';
import type { StatementCost } from '../statement-cost.ts';
import type { StructureChange, TablePart } from '../structure-change.ts';
import type { ColumnStructure, TableName } from '../table-structure.ts';
import { quoteTable } from './quote.ts';

const exclusive = { blocks: 'reads and writes', lock: 'access exclusive' } as const;

/**
 * What a statement costs a table that is in use; undefined for what nobody can use yet.
 * @see https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export function costOf(change: StructureChange, part?: TablePart): StatementCost | undefined {
  if (change.kind === 'drop table' || change.kind === 'rename table') return { work: 'none', ...exclusive };
  if (change.kind !== 'alter table' || !part) return undefined;
  switch (part.kind) {
    case 'add column':
      return { work: needsRewriteForDefault(part.column) ? 'rewrites' : 'none', ...exclusive };
    case 'change type':
      return { work: staysAsItIs(part.from, part.to) ? 'none' : 'rewrites', ...exclusive };
    case 'change nullability':
      return { work: part.to.nullable ? 'none' : 'reads', ...exclusive };
    case 'change primary key':
    case 'add check':
      return { work: 'reads', ...exclusive };
    case 'add index':
      return { work: 'reads', blocks: 'writes', lock: 'share' };
    case 'add trigger':
      return { work: part.trigger.catchUp ? 'reads' : 'none', blocks: 'writes', lock: 'share row exclusive' };
    case 'add foreign key':
      return {
        work: 'reads',
        blocks: 'writes',
        lock: 'share row exclusive',
        alsoLocks: [part.foreignKey.references.table],
      };
    case 'drop foreign key':
      return { work: 'none', ...exclusive, alsoLocks: [part.foreignKey.references.table] };
    default:
      return { work: 'none', ...exclusive };
  }
}

/** A default that is the same for all rows is kept in the catalogue; one that each row computes is written to each. */
function needsRewriteForDefault({ default: expression, identity }: ColumnStructure): boolean {
  if (identity) return true;
  const withoutTexts = (expression ?? '').replaceAll(/'(?:[^']|'')*'/g, '').replaceAll(/::[\w ]+(\([\d, ]*\))?/g, '');
  const withoutStable = withoutTexts.replaceAll(/\b(now|transaction_timestamp|statement_timestamp)\(\)/g, '');
  return /\w\s*\(/.test(withoutStable);
}

/** Types whose rows are the same bytes: the server only checks or forgets a limit. */
function staysAsItIs(from: ColumnStructure, to: ColumnStructure): boolean {
  const isVarying = (type: string): boolean => /^(character varying|text)/.test(type);
  const areTexts = isVarying(from.type) && isVarying(to.type);
  const areNumerics = from.type.startsWith('numeric') && to.type.startsWith('numeric');
  const sameScale = scaleOf(from.type) === scaleOf(to.type) || to.type === 'numeric';
  if (!areTexts && !(areNumerics && sameScale)) return false;
  return isWidening(parseColumnType(from.type), parseColumnType(to.type));
}

function scaleOf(type: string): string {
  return /,\s*(\d+)\)/.exec(type)?.[1] ?? '0';
}

/** About how many rows tables have, as the last `analyze` or `vacuum` found. */
export async function estimateRows(
  session: Session,
  tables: readonly TableName[],
): Promise<ReadonlyMap<string, number>> {
  if (tables.length === 0) return new Map();
  const rows = await session.query<{ schema: string; name: string; estimate: string }>(
    `select n.nspname as schema, c.relname as name, c.reltuples::bigint as estimate
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.oid in (select to_regclass(name) from unnest(?::text[]) as wanted (name)) and c.reltuples >= 0`,
    [tables.map(quoteTable)],
  );
  return new Map(rows.map(({ schema, name, estimate }) => [`${schema}.${name}`, Number(estimate)]));
}
