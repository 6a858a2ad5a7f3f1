import type { WireFormat } from '../../model/wire-format.ts';

const sampleBytes = 256 * 1024;
const binaryHeader = 19;

/**
 * How many rows a stream of COPY has sent so far, for people who watch: the rows at its beginning are counted, those
 * after it are taken to be as long on average. Counting each would cost a load some percent of its time.
 *
 * @example
 * ```ts
 * const estimate = new RowEstimate('text-rows');
 * estimate.see(Buffer.from('1\tone\n2\ttwo\n'));
 * estimate.rows(); // 2
 * ```
 */
export class RowEstimate {
  readonly #format: WireFormat;
  readonly #sample: Buffer[] = [];
  #bytes = 0;
  #sampled = 0;
  #bytesPerRow: number | undefined;

  constructor(format: WireFormat) {
    this.#format = format;
  }

  /** Takes the next bytes of the stream. */
  see(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#sampled >= sampleBytes) return;
    this.#sample.push(chunk);
    this.#sampled += chunk.length;
    if (this.#sampled >= sampleBytes) this.#measure();
  }

  rows(): number {
    if (this.#sampled < sampleBytes) this.#measure();
    return this.#bytesPerRow === undefined ? 0 : Math.round(this.#bytes / this.#bytesPerRow);
  }

  #measure(): void {
    const sample = Buffer.concat(this.#sample);
    const { rows, end } = this.#format === 'postgres-binary' ? tuplesIn(sample) : linesIn(sample);
    if (rows > 0) this.#bytesPerRow = end / rows;
    if (this.#sampled >= sampleBytes) this.#sample.length = 0;
  }
}

/** Complete lines. A text of csv with line breaks counts as several rows, which is good enough for a line of progress. */
function linesIn(sample: Buffer): { rows: number; end: number } {
  let rows = 0;
  let end = 0;
  for (let at = sample.indexOf(10); at >= 0; at = sample.indexOf(10, end)) {
    rows++;
    end = at + 1;
  }
  return { rows, end };
}

/** Complete tuples: a count of fields, then each as its length and its bytes; -1 is null. */
function tuplesIn(sample: Buffer): { rows: number; end: number } {
  let rows = 0;
  let end = binaryHeader;
  for (;;) {
    const next = endOfTuple(sample, end);
    if (next === undefined) return { rows, end };
    end = next;
    rows++;
  }
}

function endOfTuple(sample: Buffer, start: number): number | undefined {
  if (start + 2 > sample.length) return undefined;
  const fields = sample.readInt16BE(start);
  if (fields < 0) return undefined;
  let at = start + 2;
  for (let field = 0; field < fields; field++) {
    if (at + 4 > sample.length) return undefined;
    at += 4 + Math.max(0, sample.readInt32BE(at));
  }
  return at > sample.length ? undefined : at;
}
