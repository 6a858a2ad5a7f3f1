import { columnsOf, contentOf, madeByUs, type MaintainedTable } from '../maintained-table.ts';
import type { TableName, TriggerStructure } from '../table-structure.ts';
import { currentInstant } from './column-types.ts';
import { quote, quoteLiteral, quoteTable } from './quote.ts';
import { toTrigger } from './triggers.ts';

/**
 * The triggers of a table. `is not` knows null and compares byte for byte, because columns have no collation of their
 * own; -0 is stored as 0. There is no way to change a row before it is written, so an update writes the times after it;
 * that second update changes nothing that is tracked, and where nothing is left to set it changes no row, which ends
 * the recursion of sessions with `recursive_triggers`.
 */
export function triggersFor(table: MaintainedTable): TriggerStructure[] {
  const { history } = table;
  const refusals = columnsOf(table, 'creation time').map((column) => refusal(table, column));
  if (history) return [...refusals, insertTrigger(table), updateTrigger(table), deleteTrigger(table)];
  const times = columnsOf(table, 'system time', 'update time');
  if (times.length === 0) return refusals;
  return [...refusals, trigger(table, 'upkeep', 'after update', '', [setTimes(table, times.map(toNow))])];
}

function refusal(table: MaintainedTable, column: string): TriggerStructure {
  const message = quoteLiteral(`${column} of ${table.structure.table.name} is set once and cannot change`);
  const when = `when new.${quote(column)} is not old.${quote(column)}`;
  return trigger(table, 'refusal', 'before update', when, [`select raise(abort, ${message})`]);
}

/**
 * `insert or replace` deletes the old row without running a trigger; only the history knows that there was one. What it
 * leaves is an update, and none where it is as before.
 */
function insertTrigger(table: MaintainedTable): TriggerStructure {
  const newest = (what: string): string =>
    `(select ${what} from ${historyOf(table)} h where ${matches(table, 'h.', 'new')} order by h.history_id desc limit 1)`;
  const operation = `iif(${newest('h.operation_type')} <> 'DELETE', 'UPDATE', 'INSERT')`;
  const differs = contentOf(table).map((column) => `h.${quote(column)} is not new.${quote(column)}`);
  const isNews = newest(`h.operation_type = 'DELETE' or ${differs.join(' or ')}`);
  return trigger(table, 'history_insert', 'after insert', '', [
    `${record(table, 'new', operation)}\n  where ${isNews} is not 0`,
  ]);
}

/** History is by key: a key that changes is a row that goes and another one that comes. */
function updateTrigger(table: MaintainedTable): TriggerStructure {
  const [effective = ''] = columnsOf(table, 'effective time').map(quote);
  const { primaryKey } = table.structure;
  const isMoved = differ(primaryKey);
  const content = differ(contentOf(table));
  const isUntouched = `new.${effective} is old.${effective}`;
  const since = `iif(${isUntouched}, ${currentInstant}, new.${effective})`;
  const times = columnsOf(table, 'system time', 'update time').map(toNow);
  const isNewState = `${isUntouched} and (${content})`;
  const moved = `${effective} = iif(${isNewState}, ${currentInstant}, ${effective})`;
  return trigger(table, 'history_update', 'after update', '', [
    setTimes(table, [...times, moved], isNewState),
    `${record(table, 'old', `'DELETE'`)} where ${isMoved}`,
    `${record(table, 'new', `iif(${isMoved}, 'INSERT', 'UPDATE')`, since)} where ${content} or not (${isUntouched})`,
  ]);
}

/** Comes last, with what makes the history whole: rows that were there before it was kept. */
function deleteTrigger(table: MaintainedTable): TriggerStructure {
  const known = `select 1 from ${historyOf(table)} h where ${matches(table, 'h.', 'new')}`;
  const rows = `${record(table, 'new', `'INSERT'`)} from ${quoteTable(table.structure.table)} as new where not exists (${known})`;
  return {
    ...trigger(table, 'history_delete', 'after delete', '', [record(table, 'old', `'DELETE'`)]),
    catchUp: [rows],
  };
}

/** Writes one state of a row; a row that goes away does so now. */
function record(table: MaintainedTable, alias: 'old' | 'new', operation: string, since?: string): string {
  const content = contentOf(table).map(quote);
  const [effective = ''] = columnsOf(table, 'effective time').map(quote);
  const from = since ?? (alias === 'old' ? currentInstant : `${alias}.${effective}`);
  const values = [from, currentInstant, operation, ...content.map((column) => `${alias}.${column}`)];
  const columns = ['effective_time', 'systime', 'operation_type', ...content];
  return `insert into ${historyOf(table)} (${columns.join(', ')})\n  select ${values.join(', ')}`;
}

/** `isNewState` counts, too: a row that is inserted and changed within one millisecond has the time of now already. */
function setTimes(table: MaintainedTable, settings: readonly string[], isNewState?: string): string {
  const reasons = columnsOf(table, 'system time', 'update time').map(
    (column) => `${quote(column)} is not ${currentInstant}`,
  );
  if (isNewState) reasons.push(isNewState);
  const open = reasons.length > 0 ? ` and (${reasons.join(' or ')})` : '';
  return `update ${quoteTable(table.structure.table)} set ${settings.join(', ')}\n  where ${matches(table, '', 'new')}${open}`;
}

function toNow(column: string): string {
  return `${quote(column)} = ${currentInstant}`;
}

function matches(table: MaintainedTable, prefix: string, alias: string): string {
  return table.structure.primaryKey
    .map((column) => `${prefix}${quote(column)} = ${alias}.${quote(column)}`)
    .join(' and ');
}

function differ(columns: readonly string[]): string {
  return columns.map((column) => `new.${quote(column)} is not old.${quote(column)}`).join(' or ');
}

function historyOf({ history }: MaintainedTable): string {
  return quoteTable(history?.table as TableName);
}

function trigger(
  table: MaintainedTable,
  purpose: string,
  event: string,
  when: string,
  statements: readonly string[],
): TriggerStructure {
  const name = table.triggerName(purpose);
  const on = quoteTable(table.structure.table);
  const body = statements.map((statement) => `  ${statement};\n`).join('');
  // As the catalogue keeps it: the first two words in capitals, the rest as it was written.
  const sql = `CREATE TRIGGER ${quote(name)} ${event} on ${on}${when === '' ? '' : ` ${when}`} begin\n  ${madeByUs}\n${body}end`;
  return { ...toTrigger({ name, sql }), create: [sql] };
}
