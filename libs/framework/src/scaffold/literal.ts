const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/** A text as TypeScript writes it, in the quotes that need fewer escapes, as Prettier has it. */
export function textLiteral(text: string): string {
  const quote = text.split("'").length > text.split('"').length ? '"' : "'";
  const escaped = text.replaceAll(/[\\\n\r\t]/g, (character) => escapes[character] ?? character);
  // What a reader cannot see, or an editor would change, is written by its number.
  const visible = escaped.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return `${quote}${visible.replaceAll(quote, `\\${quote}`)}${quote}`;
}

/** The key of a property in an object literal. */
export function propertyKey(name: string): string {
  // Written as any other key, it is the object's prototype.
  if (name === '__proto__') return "['__proto__']";
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : textLiteral(name);
}

/** A list of texts. */
export function textList(texts: readonly string[]): string {
  return `[${texts.map(textLiteral).join(', ')}]`;
}

/** A text that can stand in a comment of one line. */
export function inComment(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}
