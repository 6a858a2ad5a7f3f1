import { DatakitError } from '../errors/datakit-error.ts';
import type { KnownFiles, RawFile } from '../files/raw-rows.ts';
import type { FileOwner } from '../ledger/loaded-files.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LoadContext } from './load-context.ts';
import type { LoadPlan } from './load-plan.ts';
import type { TableContract } from './source-contract.ts';

/** Which files of a table were loaded, read and written in the transaction of a load. */
export class FileProgress {
  readonly #contract: TableContract;
  readonly #plan: LoadPlan;
  readonly #context: LoadContext;
  readonly #ledger: Ledger;
  #beginsAnew = false;

  constructor(contract: TableContract, plan: LoadPlan, context: LoadContext, ledger: Ledger) {
    this.#contract = contract;
    this.#plan = plan;
    this.#context = context;
    this.#ledger = ledger;
  }

  /**
   * The files that an incremental load need not read again.
   *
   * @param isEmpty the table holds no row: whoever emptied it meant to begin anew
   * @throws NOT_DEPLOYED in a database of a version that knew no files
   * @throws CURSOR_CHANGED where the formats of this load hold the rows of different files
   */
  async known(isEmpty: boolean): Promise<KnownFiles | undefined> {
    if (!this.#plan.byFiles) return undefined;
    if (!(await this.#ledger.files.exist())) {
      throw new DatakitError({
        code: 'NOT_DEPLOYED',
        message: 'The bookkeeping of this database does not know files yet.',
        hint: 'Run "deploy" once more.',
      });
    }
    if (this.#plan.mode !== 'incremental') return undefined;
    this.#beginsAnew = isEmpty;
    const loaded = await this.#ledger.files.of(this.#owner);
    const hashes = this.#context.formats.map((format) => {
      const files = format === 'table' && isEmpty ? [] : [...(loaded.get(format)?.values() ?? [])];
      return new Map(files.map(({ name, sha256 }) => [name, sha256]));
    });
    const [first = new Map<string, string>(), ...others] = hashes;
    if (
      others.some((other) => other.size !== first.size || [...first].some(([name, hash]) => other.get(name) !== hash))
    ) {
      const { name } = this.#contract.table;
      throw new DatakitError({
        code: 'CURSOR_CHANGED',
        message: `The formats of "${name}" (${this.#context.formats.join(', ')}) hold the rows of different files; nothing was loaded.`,
        hint: `Begin anew with --fullRefresh --tables=${name}, or read everything once with --mode=full_snapshot.`,
        details: { table: name },
      });
    }
    // Rows of a changed file that are merged change; rows that are appended would be there twice.
    return { hashes: first, readsChanged: this.#plan.disposition === 'merge' };
  }

  /** Records what was read. */
  async record(files: readonly RawFile[], loadId: string): Promise<void> {
    if (!this.#plan.byFiles) return;
    const { formats } = this.#context;
    const forgotten = this.#plan.mode !== 'incremental' ? formats : this.#beginsAnew ? ['table'] : [];
    if (forgotten.length > 0) await this.#ledger.files.forget(this.#owner, forgotten);
    await this.#ledger.files.add(this.#owner, loadId, formats, files);
  }

  get #owner(): FileOwner {
    const { schema, name } = this.#contract.table.structure.table;
    return { object: schema === undefined ? name : `${schema}.${name}`, sourceSystem: this.#context.sourceSystem };
  }
}
