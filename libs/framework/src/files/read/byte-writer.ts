/** Bytes that are put together, without a string or an object for each piece. */
export class ByteWriter {
  #buffer: Buffer;
  length = 0;

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.length++] = value;
  }

  copy(from: Buffer, start: number, end: number): void {
    this.#reserve(end - start);
    this.length += from.copy(this.#buffer, this.length, start, end);
  }

  text(text: string): void {
    this.#reserve(text.length * 3);
    this.length += this.#buffer.write(text, this.length);
  }

  /** A whole number from 0 on. */
  number(value: number): void {
    this.#reserve(16);
    let end = this.length;
    for (let rest = value; end === this.length || rest > 0; rest = Math.floor(rest / 10)) end++;
    for (let at = end - 1, rest = value; at >= this.length; at--, rest = Math.floor(rest / 10)) {
      this.#buffer[at] = 0x30 + (rest % 10);
    }
    this.length = end;
  }

  #reserve(bytes: number): void {
    if (this.length + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.length + bytes));
    this.#buffer.copy(grown, 0, 0, this.length);
    this.#buffer = grown;
  }
}
