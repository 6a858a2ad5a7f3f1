import Table from 'cli-table3';

/**
 * A table for people.
 * @param head column names; a column whose name is in `numbers` is aligned to the right
 */
export function summaryTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  numbers: readonly string[] = [],
): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((name) => (numbers.includes(name) ? 'right' : 'left')),
    // Colours of the library's own would also go into pipes and files.
    style: { head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  // Lines between the rows make fifteen tables fill a screen.
  const lines = table.toString().split('\n');
  return lines.filter((line, index) => index === 2 || !line.startsWith('├')).join('\n');
}
