import { skipSpace, skipString, skipValue } from './json-value.ts';

/** Where the values of one JSON object lie, by the position of their column; made once and filled for each record. */
export class JsonRecord {
  starts: Int32Array;
  ends: Int32Array;
  readonly #names: Buffer[];
  readonly #byName: Map<string, number>;
  readonly #learns: boolean;

  /**
   * @param names columns to look for
   * @param learns whether each other key becomes a column, too
   */
  constructor(names: readonly string[], learns = false) {
    this.starts = new Int32Array(names.length);
    this.ends = new Int32Array(names.length);
    this.#names = names.map((name) => Buffer.from(name));
    this.#byName = new Map(names.map((name, index) => [name, index]));
    this.#learns = learns;
  }

  /** The columns, in the order in which they came. */
  get names(): string[] {
    return [...this.#byName.keys()];
  }

  /**
   * Finds the values of the object at `at`. A key that is not there has the start -1.
   * @returns position behind the object, -1 where it is none, -2 where it has a key twice
   * @throws IncompleteJson where the bytes end inside of it
   */
  read(bytes: Buffer, at: number, end: number): number {
    this.starts.fill(-1);
    if (bytes[at] !== 0x7b) return -1;
    at = skipSpace(bytes, at + 1, end);
    if (at < end && bytes[at] === 0x7d) return at + 1;
    let isTwice = false;
    for (let expected = 0; ; expected++) {
      if (at < end && bytes[at] !== 0x22) return -1;
      const keyEnd = skipString(bytes, at, end);
      if (keyEnd < 0) return -1;
      const column = this.#column(bytes, at, keyEnd, expected);
      at = skipSpace(bytes, keyEnd, end);
      // Past the end each byte is undefined, and skipValue tells that.
      if (at < end && bytes[at] !== 0x3a) return -1;
      at = skipSpace(bytes, at + 1, end);
      const valueEnd = skipValue(bytes, at, end);
      if (valueEnd < 0) return -1;
      if (column >= 0) {
        isTwice ||= this.starts[column] !== -1;
        this.starts[column] = at;
        this.ends[column] = valueEnd;
      }
      at = skipSpace(bytes, valueEnd, end);
      if (at < end && bytes[at] === 0x7d) return isTwice ? -2 : at + 1;
      if (at < end && bytes[at] !== 0x2c) return -1;
      at = skipSpace(bytes, at + 1, end);
    }
  }

  /** Keys mostly come in one order, so the expected one is compared first, byte by byte. */
  #column(bytes: Buffer, start: number, end: number, expected: number): number {
    const name = this.#names[expected];
    if (name && end - start - 2 === name.length && isAt(bytes, start + 1, name)) return expected;
    const key = JSON.parse(bytes.toString('utf8', start, end)) as string;
    return this.#byName.get(key) ?? (this.#learns ? this.#learn(key) : -1);
  }

  #learn(key: string): number {
    const index = this.#names.length;
    this.#names.push(Buffer.from(key));
    this.#byName.set(key, index);
    const grown = (from: Int32Array): Int32Array => {
      const to = new Int32Array(index + 1).fill(-1);
      to.set(from);
      return to;
    };
    this.starts = grown(this.starts);
    this.ends = grown(this.ends);
    return index;
  }
}

/** `Buffer.compare` checks its arguments for longer than this takes. */
function isAt(bytes: Buffer, at: number, name: Buffer): boolean {
  for (let index = 0; index < name.length; index++) {
    if (bytes[at + index] !== name[index]) return false;
  }
  return true;
}
