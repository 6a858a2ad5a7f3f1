import type { Check } from '../checks/check.ts';
import type { TableName } from '../engines/table-structure.ts';

/**
 * In which order the tables of one ingest are published: those first that the checks of others look at, so that an audit
 * meets the rows that belong to its own. Where tables look at each other in a circle, one of them cannot wait.
 */
export class LoadOrder {
  /** Names as the database has them, each after what its checks look at. */
  readonly names: readonly string[];
  readonly #waitsFor = new Map<string, Set<string>>();
  readonly #ends = new Map<string, PromiseWithResolvers<void>>();

  /**
   * @param tables those that are loaded, in the order in which they begin where nothing else decides
   * @param checks of any tables
   */
  constructor(tables: readonly TableName[], checks: readonly Check[]) {
    const names = tables.map(({ name }) => name);
    for (const name of names) this.#ends.set(name, Promise.withResolvers());
    const looksAt = new Map(names.map((name) => [name, new Set<string>()]));
    for (const { table, needs, kind } of checks) {
      if (kind === 'freshness') continue;
      const own = table.structure.table;
      for (const { table: other } of needs) {
        if (other.schema === own.schema && other.name !== own.name && looksAt.has(other.name)) {
          looksAt.get(own.name)?.add(other.name);
        }
      }
    }
    const ordered = new Set<string>();
    const visit = (name: string, path: readonly string[]): void => {
      if (ordered.has(name)) return;
      const waitsFor = new Set<string>();
      this.#waitsFor.set(name, waitsFor);
      for (const other of looksAt.get(name) ?? []) {
        if (path.includes(other)) continue;
        visit(other, [...path, name]);
        waitsFor.add(other);
      }
      ordered.add(name);
    };
    for (const name of names) visit(name, []);
    this.names = [...ordered];
  }

  /** True where a table is loaded after the other one, whose rows then are those of this ingest. */
  comesAfter(name: string, other: string): boolean {
    return this.#waitsFor.get(name)?.has(other) ?? false;
  }

  /**
   * Waits until a table may begin. Not until its audit: a transaction that began before would not see what others
   * commit, on engines that give it a snapshot of its own.
   */
  async ready(name: string): Promise<void> {
    for (const other of this.#waitsFor.get(name) ?? []) await this.#ends.get(other)?.promise;
  }

  /** Tells those who wait; also for a load that failed or never began. */
  end(name: string): void {
    this.#ends.get(name)?.resolve();
  }
}
