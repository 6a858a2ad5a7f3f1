/** Words of a name of any language and spelling: `OrderLine_2 (old)` → Order, Line, 2, old. */
function wordsOf(name: string): string[] {
  return name
    .normalize('NFC')
    .replaceAll(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, '$1 ')
    .replaceAll(/(\p{Lu}+)(?=\p{Lu}\p{Ll})/gu, '$1 ')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** The name of an entity in code: `order_line` → `OrderLine`. Nothing of the language itself is hidden by it. */
export function entityName(table: string): string {
  const name = wordsOf(table)
    .map((word) => {
      const [first = ''] = word;
      const rest = word.slice(first.length);
      return first.toUpperCase() + (word === word.toUpperCase() ? rest.toLowerCase() : rest);
    })
    .join('');
  if (!/^\p{ID_Start}/u.test(name)) return `Table${name}`;
  return Object.hasOwn(globalThis, name) ? `${name}Table` : name;
}

/** A name in one spelling: `Placed At`, `PlacedAt` → `placed_at`. */
export function snakeName(name: string): string {
  const words = wordsOf(name).join('_').toLowerCase();
  return words === '' ? 'unnamed' : words;
}

/** The name of an entity's file: lower-case words of plain letters, joined by hyphens. */
export function entityFileName(table: string): string {
  const name = wordsOf(table.normalize('NFKD').replaceAll(/\p{M}/gu, ''))
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '')
    .replaceAll(/-+/g, '-')
    .replaceAll(/^-|-$/g, '');
  if (!/^[a-z]/.test(name)) return name === '' ? 'table' : `table-${name}`;
  // The entry of a datakit has this name.
  return name === 'index' ? 'index-table' : name;
}

/** Keeps names apart, also where only their case differs: the second `Order` is `Order2`. */
export class UniqueNames {
  readonly #taken = new Set<string>();
  readonly #join: string;

  constructor(join: string) {
    this.#join = join;
  }

  take(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#taken.has(name.toLowerCase()); number++) name = `${wanted}${this.#join}${number}`;
    this.#taken.add(name.toLowerCase());
    return name;
  }
}
