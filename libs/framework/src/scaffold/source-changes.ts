import type { TableDescription } from '../engines/table-description.ts';

/**
 * What changed in a source, a line for each table that did: `customer: + phone, - fax, ~ name`.
 *
 * @param before as it was described the last time
 */
export function sourceChanges(before: readonly TableDescription[], now: readonly TableDescription[]): string[] {
  const names = new Set([...before, ...now].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const [was, is] = [before, now].map((tables) => tables.find((table) => table.name === name));
    if (!was) return [`+ ${name}`];
    if (!is) return [`- ${name}`];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    const changes = columnChanges(was, is);
    return [`${name}: ${changes.length === 0 ? '~ keys, indexes or comments' : changes.join(', ')}`];
  });
}

function columnChanges(was: TableDescription, is: TableDescription): string[] {
  const names = new Set([...was.columns, ...is.columns].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const [before, now] = [was, is].map(({ columns }) => columns.find((column) => column.name === name));
    if (JSON.stringify(before) === JSON.stringify(now)) return [];
    return [`${before ? (now ? '~' : '-') : '+'} ${name}`];
  });
}
