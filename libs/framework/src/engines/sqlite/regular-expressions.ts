import type { DatabaseSync } from 'node:sqlite';

/** Gives a connection the operator `regexp`, which SQLite has in its grammar and leaves to the program. */
export function addRegularExpressions(database: DatabaseSync): void {
  const compiled = new Map<string, RegExp>();
  database.function('regexp', { deterministic: true }, (pattern, value) => {
    if (pattern === null || value === null) return null;
    const text = String(pattern);
    let expression = compiled.get(text);
    if (!expression) compiled.set(text, (expression = new RegExp(text, 'u')));
    return expression.test(String(value)) ? 1 : 0;
  });
}
