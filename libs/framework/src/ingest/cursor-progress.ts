import { DatakitError } from '../errors/datakit-error.ts';
import type { CursorState } from '../ledger/cursors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LoadContext } from './load-context.ts';
import type { LoadPlan } from './load-plan.ts';
import { kindOf, sourceColumn } from './load-window.ts';
import type { TableContract } from './source-contract.ts';

/** How far the loads of a table came, read and written in the transaction of a load. */
export class CursorProgress {
  readonly #contract: TableContract;
  readonly #plan: LoadPlan;
  readonly #context: LoadContext;
  readonly #ledger: Ledger;

  constructor(contract: TableContract, plan: LoadPlan, context: LoadContext, ledger: Ledger) {
    this.#contract = contract;
    this.#plan = plan;
    this.#context = context;
    this.#ledger = ledger;
  }

  /**
   * How far the last load came, for all formats of this one.
   *
   * @param isEmpty the table holds no row: whoever emptied it meant to begin anew
   * @throws NOT_DEPLOYED in a database of a version that knew no cursors
   * @throws CURSOR_CHANGED where that was another column or source, or the formats came to different values
   */
  async last(isEmpty: boolean): Promise<CursorState | undefined> {
    const { mode, backfill, cursor } = this.#plan;
    if (!cursor) return undefined;
    if (!(await this.#ledger.cursors.exist())) {
      throw new DatakitError({
        code: 'NOT_DEPLOYED',
        message: 'The bookkeeping of this database does not know cursors yet.',
        hint: 'Run "deploy" once more.',
      });
    }
    if (mode !== 'incremental' || backfill) return undefined;
    const { formats } = this.#context;
    const states = (await this.#ledger.cursors.of(this.#object, formats)).filter(
      ({ format }) => !(isEmpty && format === 'table'),
    );
    const [first] = states;
    if (!first) return undefined;
    const wanted = this.#state(first.value);
    const changed = states.find(
      (state) =>
        state.sourceSystem !== wanted.sourceSystem || state.column !== wanted.column || state.kind !== wanted.kind,
    );
    if (changed) {
      throw this.#changed(
        `came to a value of ${changed.sourceSystem}.${changed.column} (${changed.kind}), and its cursor now is ${wanted.sourceSystem}.${wanted.column} (${wanted.kind})`,
      );
    }
    if (states.length < formats.length || states.some(({ value }) => value !== first.value)) {
      throw this.#changed(`came to different values in its formats (${formats.join(', ')})`);
    }
    return first;
  }

  /** Records how far this load came. A backfill leaves that as it is. */
  async record(reached: string | undefined, loadId: string): Promise<void> {
    const { cursor, backfill, mode } = this.#plan;
    if (!cursor || backfill) return;
    const { formats } = this.#context;
    if (reached !== undefined) {
      const states = formats.map((format) => ({ ...this.#state(reached), format }));
      await this.#ledger.cursors.save(this.#object, loadId, states);
    } else if (mode === 'full_snapshot') {
      await this.#ledger.cursors.forget(this.#object, formats);
    }
  }

  get #object(): string {
    const { schema, name } = this.#contract.table.structure.table;
    return schema === undefined ? name : `${schema}.${name}`;
  }

  #state(value: string): CursorState {
    const { cursor } = this.#plan;
    if (!cursor) throw new TypeError('a table without a cursor has no progress');
    const column = sourceColumn(this.#contract, cursor);
    return { format: 'table', sourceSystem: this.#context.sourceSystem, column, kind: kindOf(cursor.type), value };
  }

  #changed(what: string): DatakitError {
    const { name } = this.#contract.table;
    return new DatakitError({
      code: 'CURSOR_CHANGED',
      message: `The last load of "${name}" ${what}; nothing was loaded.`,
      hint: `Begin anew with --fullRefresh --tables=${name}, or read everything once with --mode=full_snapshot.`,
      details: { table: name },
    });
  }
}
