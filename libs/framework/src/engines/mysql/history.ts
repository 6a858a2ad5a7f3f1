import { columnsOf, contentOf, madeByUs, type MaintainedTable } from '../maintained-table.ts';
import type { TableName, TriggerStructure } from '../table-structure.ts';
import { quote, quoteLiteral, quoteTable } from './quote.ts';
import { toTrigger } from './triggers.ts';

/**
 * The triggers of a table; these servers have none for whole statements. `<=>` knows null, and the collation of our
 * columns compares letter for letter with the blanks at the end; where a server keeps -0, it differs from 0 as text only.
 */
export function triggersFor(table: MaintainedTable): TriggerStructure[] {
  const { history } = table;
  return [...upkeep(table), ...(history ? [insertTrigger(table), updateTrigger(table), deleteTrigger(table)] : [])];
}

function upkeep(table: MaintainedTable): TriggerStructure[] {
  const refusals = columnsOf(table, 'creation time').map((column) => {
    const message = quoteLiteral(
      `${column} of ${table.structure.table.name} is set once and cannot change`.slice(0, 128),
    );
    return `if ${differ(table, [column])} then signal sqlstate '45000' set message_text = ${message}; end if`;
  });
  const times = columnsOf(table, 'system time', 'update time').map((column) => setNow(table, column));
  const effective = columnsOf(table, 'effective time').map((column) => {
    const isUntouched = `new.${quote(column)} <=> old.${quote(column)}`;
    return `if ${isUntouched} and (${differ(table, contentOf(table))}) then ${setNow(table, column)}; end if`;
  });
  const statements = [...refusals, ...times, ...effective];
  return statements.length === 0 ? [] : [trigger(table, 'upkeep', 'before', 'update', statements)];
}

function insertTrigger(table: MaintainedTable): TriggerStructure {
  return trigger(table, 'history_insert', 'after', 'insert', [record(table, 'new', 'INSERT')]);
}

/** History is by key: a key that changes is a row that goes and another one that comes. */
function updateTrigger(table: MaintainedTable): TriggerStructure {
  const moved = `${record(table, 'old', 'DELETE')};\n    ${record(table, 'new', 'INSERT')}`;
  const changed = `${record(table, 'new', 'UPDATE')}`;
  const cases = `if ${differ(table, table.structure.primaryKey)} then\n    ${moved};\n  elseif ${differ(table, table.history?.tracked ?? [])} then\n    ${changed};\n  end if`;
  return trigger(table, 'history_update', 'after', 'update', [cases]);
}

/** Comes last, with what makes the history whole: rows that were there before it was kept. */
function deleteTrigger(table: MaintainedTable): TriggerStructure {
  const { primaryKey, table: name } = table.structure;
  const key = primaryKey.map((column) => `h.${quote(column)} = t.${quote(column)}`).join(' and ');
  const known = `select 1 from ${historyOf(table)} h where ${key}`;
  const { columns, values } = stateOf(table, 't', 'INSERT');
  return {
    ...trigger(table, 'history_delete', 'after', 'delete', [record(table, 'old', 'DELETE')]),
    catchUp: [
      `insert into ${historyOf(table)} (${columns}) select ${values} from ${quoteTable(name)} t where not exists (${known})`,
    ],
  };
}

function record(table: MaintainedTable, alias: 'old' | 'new', operation: string): string {
  const { columns, values } = stateOf(table, alias, operation);
  return `insert into ${historyOf(table)} (${columns}) values (${values})`;
}

/** One state of a row; a row that goes away does so now. */
function stateOf(table: MaintainedTable, alias: string, operation: string): { columns: string; values: string } {
  const content = contentOf(table).map(quote);
  const [effective = ''] = columnsOf(table, 'effective time').map(quote);
  const since = operation === 'DELETE' ? now(6) : `${alias}.${effective}`;
  return {
    columns: ['effective_time', 'systime', 'operation_type', ...content].join(', '),
    values: [since, now(6), `'${operation}'`, ...content.map((column) => `${alias}.${column}`)].join(', '),
  };
}

function differ({ structure }: MaintainedTable, columns: readonly string[]): string {
  return columns
    .map((name) => {
      const [before, after] = [`old.${quote(name)}`, `new.${quote(name)}`];
      const isDouble = structure.columns.find((column) => column.name === name)?.type === 'double';
      const equal = `${before} <=> ${after}`;
      return isDouble ? `not (${equal}) or not (concat(${before}) <=> concat(${after}))` : `not (${equal})`;
    })
    .join(' or ');
}

function setNow({ structure }: MaintainedTable, name: string): string {
  const digits = /\((\d)\)/.exec(structure.columns.find((column) => column.name === name)?.type ?? '')?.[1];
  return `set new.${quote(name)} = ${now(Number(digits ?? 0))}`;
}

/** Not `now()`: in a session of another time zone that would not be the instant in UTC. */
function now(digits: number): string {
  return `utc_timestamp(${digits})`;
}

function historyOf({ history }: MaintainedTable): string {
  return quoteTable(history?.table as TableName);
}

function trigger(
  table: MaintainedTable,
  purpose: string,
  timing: string,
  event: string,
  statements: readonly string[],
): TriggerStructure {
  const name = table.triggerName(purpose);
  const body = `begin\n  ${madeByUs}\n${statements.map((statement) => `  ${statement};\n`).join('')}end`;
  return {
    ...toTrigger({ name, timing, event, body }),
    create: [
      `create trigger ${quote(name)} ${timing} ${event} on ${quoteTable(table.structure.table)} for each row\n${body}`,
    ],
  };
}
