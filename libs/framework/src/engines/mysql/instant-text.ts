/** `2024-02-29T21:59:59.123456Z` as a `datetime` takes it: sessions are in UTC, and a zone is an error in strict mode. */
export function instantText(iso8601: string): string {
  return iso8601.replace(/Z$/, '').replace('T', ' ');
}
