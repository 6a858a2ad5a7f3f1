/** Now, as every engine takes it: ISO 8601 in UTC with six digits. JavaScript's clock has milliseconds. */
export function currentInstant(): string {
  return new Date().toISOString().replace('Z', '000Z');
}

/** An instant as a driver gives it, a Date or a text in UTC, in that form; null for null. */
export function instantOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString().replace('Z', '000Z');
  const [date, time = '00:00:00'] = String(value).replace('Z', '').split(/[T ]/);
  const [seconds, fraction = ''] = time.split('.');
  return `${date}T${seconds}.${fraction.padEnd(6, '0').slice(0, 6)}Z`;
}
