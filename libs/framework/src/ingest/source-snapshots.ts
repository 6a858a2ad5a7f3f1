import type { SourceConnector, SourceSnapshot } from '../sources/source-connector.ts';

/**
 * The state of the source that an ingest reads. It is one for all tables, unless the source itself breaks off: then what
 * is still to be read is read from a new one, because the old one cannot be had again.
 */
export class SourceSnapshots implements AsyncDisposable {
  readonly #connector: SourceConnector;
  readonly #opened: SourceSnapshot[];
  #renewal: Promise<SourceSnapshot> | undefined;

  private constructor(connector: SourceConnector, first: SourceSnapshot) {
    this.#connector = connector;
    this.#opened = [first];
  }

  /** @throws SOURCE_UNAVAILABLE, AUTH_FAILED */
  static async open(connector: SourceConnector): Promise<SourceSnapshots> {
    return new SourceSnapshots(connector, await connector.openSnapshot());
  }

  get current(): SourceSnapshot {
    return this.#opened.at(-1) as SourceSnapshot;
  }

  /** A state in the place of one that broke; the same for all whose reading broke with it. */
  async replace(broken: SourceSnapshot): Promise<SourceSnapshot> {
    if (broken !== this.current) return this.current;
    this.#renewal ??= this.#connector.openSnapshot().finally(() => (this.#renewal = undefined));
    const renewed = await this.#renewal;
    if (renewed !== this.current) this.#opened.push(renewed);
    return renewed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const snapshot of this.#opened) await snapshot[Symbol.asyncDispose]();
  }
}
