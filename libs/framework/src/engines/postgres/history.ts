import { columnsOf, contentOf, madeByUs, type MaintainedTable } from '../maintained-table.ts';
import type { TableName, TriggerStructure } from '../table-structure.ts';
import { quote, quoteLiteral, quoteTable } from './quote.ts';
import { triggerDoes, triggerRuns, type TriggerRow } from './triggers.ts';

/**
 * The triggers of a table. A history is written once a statement, from the transition tables: a load of a million rows
 * runs one `insert … select`. Rows are compared by their images (`*<>`): that knows null, and takes `1.0` and `1.00`,
 * 0 and -0, and two texts that only a collation takes for one, for different; it works for types without `=`, like json.
 *
 * @see https://www.postgresql.org/docs/current/functions-comparisons.html#COMPOSITE-TYPE-COMPARISON
 */
export function triggersFor(table: MaintainedTable): TriggerStructure[] {
  const { history } = table;
  return [
    ...(needsUpkeep(table) ? [upkeep(table)] : []),
    ...(history ? [insertTrigger(table), updateTrigger(table), truncateTrigger(table), deleteTrigger(table)] : []),
  ];
}

const row = 1;
const before = 2;
const events = { insert: 4, delete: 8, update: 16, truncate: 32 } as const;
const [oldRows, newRows] = ['datakit_old', 'datakit_new'];

function insertTrigger(table: MaintainedTable): TriggerStructure {
  const body = `${into(table)}\n  select ${state(table, 'n', `'INSERT'`)} from ${newRows} n;\n  return null;`;
  return trigger(table, 'history_insert', events.insert, body, { newRows });
}

/** History is by key: a key that changes is a row that goes and another one that comes. */
function updateTrigger(table: MaintainedTable): TriggerStructure {
  const { primaryKey } = table.structure;
  const [first = ''] = primaryKey.map(quote);
  const same = primaryKey.map((column) => `o.${quote(column)} = n.${quote(column)}`).join(' and ');
  const either = (column: string): string =>
    `case when n.${first} is null then o.${quote(column)} else n.${quote(column)} end`;
  const [effective = ''] = columnsOf(table, 'effective time').map(quote);
  const kept = contentOf(table).map(either);
  const body = `${into(table)}
  select case when n.${first} is null then now() else n.${effective} end, now(),
    case when n.${first} is null then 'DELETE' when o.${first} is null then 'INSERT' else 'UPDATE' end,
    ${kept.join(', ')}
  from ${oldRows} o full join ${newRows} n on ${same}
  where o.${first} is null or n.${first} is null or ${differ('o', 'n', table.history?.tracked ?? [])};
  return null;`;
  return trigger(table, 'history_update', events.update, body, { oldRows, newRows });
}

/** Comes last, with what makes the history whole: rows that were there before it was kept. */
function deleteTrigger(table: MaintainedTable): TriggerStructure {
  const body = `${into(table)}\n  select ${state(table, 'o', `'DELETE'`)} from ${oldRows} o;\n  return null;`;
  return { ...trigger(table, 'history_delete', events.delete, body, { oldRows }), catchUp: [baseline(table)] };
}

/** There are no transition tables for it, but before it the rows are still there. */
function truncateTrigger(table: MaintainedTable): TriggerStructure {
  const from = quoteTable(table.structure.table);
  const body = `${into(table)}\n  select ${state(table, 'o', `'DELETE'`)} from only ${from} o;\n  return null;`;
  return trigger(table, 'history_truncate', before + events.truncate, body, {});
}

function baseline(table: MaintainedTable): string {
  const key = table.structure.primaryKey.map((column) => `h.${quote(column)} = n.${quote(column)}`).join(' and ');
  const { history, structure } = table;
  return (
    `${into(table)}\n  select ${state(table, 'n', `'INSERT'`)} from ${quoteTable(structure.table)} n\n` +
    `  where not exists (select from ${quoteTable(history?.table as TableName)} h where ${key})`
  );
}

function needsUpkeep(table: MaintainedTable): boolean {
  return columnsOf(table, 'effective time', 'system time', 'creation time', 'update time').length > 0;
}

/** Only a trigger of each row can change what is written. It runs as whoever writes, so it names its functions in full. */
function upkeep(table: MaintainedTable): TriggerStructure {
  const of = table.structure.table.name;
  const refusals = columnsOf(table, 'creation time').map((column) => {
    const message = quoteLiteral(`${column} of ${of} is set once and cannot change`.replaceAll('%', '%%'));
    return `if new.${quote(column)} is distinct from old.${quote(column)} then
    raise exception ${message} using errcode = 'integrity_constraint_violation';
  end if;`;
  });
  const times = columnsOf(table, 'system time', 'update time').map((column) => `new.${quote(column)} := ${now};`);
  const content = contentOf(table);
  const effective = columnsOf(table, 'effective time').map((column) => {
    return `if new.${quote(column)} is not distinct from old.${quote(column)} and ${differ('old', 'new', content)} then
    new.${quote(column)} := ${now};
  end if;`;
  });
  const body = [...refusals, ...times, ...effective, 'return new;'].join('\n  ');
  return trigger(table, 'upkeep', row + before + events.update, body, { asCaller: true });
}

const now = 'pg_catalog.now()';

/** Column list of an insert into the history. */
function into(table: MaintainedTable): string {
  const columns = ['effective_time', 'systime', 'operation_type', ...contentOf(table).map(quote)];
  return `insert into ${quoteTable(table.history?.table as TableName)} (${columns.join(', ')})`;
}

/** One state of a row; a row that goes away does so now. */
function state(table: MaintainedTable, alias: string, operation: string): string {
  const [effective = ''] = columnsOf(table, 'effective time');
  const since = operation === `'DELETE'` ? 'now()' : `${alias}.${quote(effective)}`;
  return `${since}, now(), ${operation}, ${qualified(alias, contentOf(table))}`;
}

/** As whole records: of two plain rows the server would compare column by column, by an operator that columns lack. */
function differ(a: string, b: string, columns: readonly string[]): string {
  return `row(${qualified(a, columns)})::record operator(pg_catalog.*<>) row(${qualified(b, columns)})::record`;
}

function qualified(alias: string, columns: readonly string[]): string {
  return columns.map((column) => `${alias}.${quote(column)}`).join(', ');
}

/**
 * Whoever may write the table writes its history, without a right of their own on it. No nested loops: a plan that was
 * made for one row is kept for the session, and a load has a million.
 */
const settings = { search_path: 'pg_catalog, pg_temp', enable_nestloop: 'off' };

function trigger(
  table: MaintainedTable,
  purpose: string,
  type: number,
  statements: string,
  options: { oldRows?: string; newRows?: string; asCaller?: boolean },
): TriggerStructure {
  const { oldRows = null, newRows = null, asCaller = false } = options;
  const name = table.triggerName(purpose);
  const on = quoteTable(table.structure.table);
  const called = quoteTable({ ...table.structure.table, name });
  const body = `\n${madeByUs}\nbegin\n  ${statements}\nend\n`;
  const set = asCaller ? [] : Object.entries(settings);
  const described: TriggerRow = {
    ...{ type, oldRows, newRows, columns: '', conditional: false, function: name, body, definer: !asCaller },
    settings: set.map(([setting, value]) => `${setting}=${value}`),
  };
  const rows = [...(oldRows ? [`old table as ${oldRows}`] : []), ...(newRows ? [`new table as ${newRows}`] : [])];
  const referencing = rows.length > 0 ? ` referencing ${rows.join(' ')}` : '';
  const rights = asCaller
    ? ''
    : ` security definer ${set.map(([setting, value]) => `set ${setting} = ${value}`).join(' ')}`;
  return {
    name,
    runs: triggerRuns(type),
    does: triggerDoes(described),
    enabled: true,
    create: [
      `create or replace function ${called}() returns trigger language plpgsql${rights} as ${dollarQuoted(body)}`,
      // Else everybody could hang it on a table of theirs and write history with it.
      `revoke all on function ${called}() from public`,
      `create trigger ${quote(name)} ${triggerRuns(type)} on ${on}${referencing}\n  for each ${type & row ? 'row' : 'statement'} execute function ${called}()`,
    ],
  };
}

/** Readable in a plan; a body may hold any name, and so any tag. */
function dollarQuoted(body: string): string {
  let tag = '$datakit$';
  while (body.includes(tag)) tag = tag.replace(/\$$/, '_$');
  return `${tag}${body}${tag}`;
}
