import { hashOf, madeByUs } from '../maintained-table.ts';
import type { Session } from '../session.ts';
import type { TableName, TriggerStructure } from '../table-structure.ts';
import { quote, quoteTable } from './quote.ts';

/** A trigger with its function, as the catalogue has them. */
export interface TriggerRow {
  /** `pg_trigger.tgtype`. */
  readonly type: number;
  readonly oldRows: string | null;
  readonly newRows: string | null;
  readonly columns: string;
  readonly conditional: boolean;
  readonly function: string;
  readonly body: string;
  readonly definer: boolean;
  readonly settings: readonly string[] | null;
}

/** A JSON array of the triggers of the table `c`; those that the server makes for foreign keys are not ours to see. */
export const triggersColumn = `
    (select json_agg(json_build_object(
        'name', t.tgname, 'enabled', t.tgenabled in ('O', 'A'), 'type', t.tgtype, 'oldRows', t.tgoldtable, 'newRows', t.tgnewtable,
        'columns', t.tgattr::text, 'conditional', t.tgqual is not null, 'function', f.proname, 'body', f.prosrc,
        'definer', f.prosecdef, 'settings', f.proconfig) order by t.tgname)
      from pg_trigger t join pg_proc f on f.oid = t.tgfoid
      where t.tgrelid = c.oid and not t.tgisinternal)`;

export function toTrigger({
  name,
  enabled,
  ...row
}: TriggerRow & { name: string; enabled: boolean }): TriggerStructure {
  return { name, runs: triggerRuns(row.type), does: triggerDoes(row), enabled };
}

/** When a trigger runs, in words: `after update or delete`. */
export function triggerRuns(type: number): string {
  const events = [
    [4, 'insert'],
    [8, 'delete'],
    [16, 'update'],
    [32, 'truncate'],
  ] as const;
  const when = type & 2 ? 'before' : type & 64 ? 'instead of' : 'after';
  const what = events.filter(([bit]) => type & bit).map(([, name]) => name);
  return `${when} ${what.join(' or ')}`;
}

export function triggerDoes(row: TriggerRow): string {
  const { type, oldRows, newRows, columns, conditional, body, definer, settings } = row;
  return hashOf(type, oldRows, newRows, columns, conditional, row.function, body, definer, settings ?? []);
}

/** Drops a trigger of ours; its function is of the same name. */
export function dropTrigger(table: TableName, { name }: TriggerStructure): string[] {
  return [
    `drop trigger ${quote(name)} on ${quoteTable(table)}`,
    `drop function if exists ${quoteTable({ ...table, name })}()`,
  ];
}

/** Drops the functions of the triggers of a table that goes: the server only drops the triggers. */
export async function dropTriggerFunctions(session: Session, table: TableName): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `select f.proname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc f on f.oid = t.tgfoid
     where t.tgrelid = to_regclass(?) and f.proname = t.tgname and f.pronamespace = c.relnamespace
       and f.prosrc like ? order by 1`,
    [quoteTable(table), `%${madeByUs}%`],
  );
  return rows.map(({ name }) => `drop function ${quoteTable({ ...table, name })}()`);
}
