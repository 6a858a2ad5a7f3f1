/** Now, as every engine takes it: ISO 8601 in UTC with six digits. JavaScript's clock has milliseconds. */
export function currentInstant(): string {
  return new Date().toISOString().replace('Z', '000Z');
}
