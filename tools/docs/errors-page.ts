import { errorCodes } from '@datakit/framework/options';

/** The text of `docs/errors.md`. */
export function errorsPage(): string {
  return [
    '# Errors',
    '',
    '<!-- Written by tools/docs/write-errors.ts from libs/framework/src/errors/error-codes.ts. -->',
    '',
    'Every failure carries one of these codes: in the terminal before the message, in a run report as `error.code`, in',
    'code as `error.code` of a `DatakitError`. The message says what happened and to what, the hint what to do next;',
    'neither holds a row value or a secret. `DATAKIT_DEBUG=1` shows the full error of the driver, which may.',
    '',
    ...aligned([
      ['code', 'what it tells you'],
      ...Object.entries(errorCodes).map(([code, meaning]) => [`\`${code}\``, meaning.replaceAll('|', '\\|')]),
    ]),
    '',
  ].join('\n');
}

/** A table as Prettier leaves it. */
function aligned([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const padded = (row: readonly string[]): string => line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  return [padded(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(padded)];
}
