import type { Finding } from '../report/run-report.ts';

/** `error: film.length: out of range; expected at least 1, found 3 of 1,000 rows` */
export function findingLine({ severity, object, kind, expected, found }: Finding): string {
  return `${severity}: ${object}: ${kind}; expected ${expected ?? 'nothing'}, found ${found ?? 'nothing'}`;
}
