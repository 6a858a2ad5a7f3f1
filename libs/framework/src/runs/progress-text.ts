/** How far the load of one table is. */
export interface LoadProgress {
  readonly bytes: number;
  /** Read so far, about; undefined where the source does not say. */
  readonly rows: number | undefined;
  /** In the whole table, about; undefined where the source has no statistics. */
  readonly estimatedRows: number | undefined;
  /** Since the load began. */
  readonly seconds: number;
}

/**
 * A line for people: rows, rows a second, and how long it still takes where the total is known.
 *
 * @example
 * ```ts
 * progressText({ bytes: 5e6, rows: 25_000, estimatedRows: 100_000, seconds: 2 });
 * // '25,000 of about 100,000 rows, 5.0 MB, 12,500 rows/s, 6 s left'
 * ```
 */
export function progressText({ bytes, rows, estimatedRows, seconds }: LoadProgress): string {
  const parts: string[] = [];
  const total = estimatedRows ? `about ${whole(estimatedRows)} rows` : '';
  if (rows !== undefined) parts.push(total ? `${whole(rows)} of ${total}` : `${whole(rows)} rows`);
  else if (total) parts.push(`of ${total}`);
  parts.push(megabytes(bytes));
  if (seconds > 0)
    parts.push(rows === undefined ? `${megabytes(bytes / seconds)}/s` : `${whole(rows / seconds)} rows/s`);
  // Statistics of the source are old sometimes; more rows than it has tell nothing about the end.
  if (rows && estimatedRows && estimatedRows > rows) {
    parts.push(`${duration(((estimatedRows - rows) / rows) * seconds)} left`);
  }
  return parts.join(', ');
}

function whole(count: number): string {
  return Math.round(count).toLocaleString('en');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
