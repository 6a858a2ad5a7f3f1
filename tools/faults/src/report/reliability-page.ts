import type { FaultCase } from '../harness/fault-case.ts';
import type { RecordedResults } from './recorded-results.ts';

const begin = '<!-- matrix: begin -->';
const end = '<!-- matrix: end -->';

/** Puts what was recorded into its place on the page. @throws where the page has no place for it */
export function withMatrix(
  text: string,
  cases: readonly Pick<FaultCase, 'name' | 'promise'>[],
  recorded: RecordedResults,
): string {
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error('The page has no place for the matrix');
  return `${before}${begin}\n\n${matrix(cases, recorded)}\n\n${end}${after}`;
}

function matrix(cases: readonly Pick<FaultCase, 'name' | 'promise'>[], recorded: RecordedResults): string {
  const all = cases.flatMap(({ name }) => recorded[name]?.results ?? []);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const rows = cases.flatMap(({ name }) => {
    const found = recorded[name];
    return (found?.results ?? []).map(({ target, points, violations, note }) =>
      row(
        `\`${name}\``,
        target,
        `${points}`,
        `${violations}`,
        `${note}${note ? '; ' : ''}${found?.sweep}, ${found?.date}`,
      ),
    );
  });
  const promises = cases.map(({ name, promise }) => `- \`${name}\`: ${promise}.`);
  return [
    `${sum(all.map(({ points }) => points))} points, ${sum(all.map(({ violations }) => violations))} violations.`,
    '',
    ...promises,
    '',
    row('case', 'engine', 'points', 'violations', 'what was tried, and when'),
    row('---', '---', '--:', '--:', '---'),
    ...rows,
  ].join('\n');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
