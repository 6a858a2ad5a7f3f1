import type { StatementCost, TableClaim } from '../engines/statement-cost.ts';
import type { StructureChange } from '../engines/structure-change.ts';
import type { TableName } from '../engines/table-structure.ts';
import { qualified } from './owned-objects.ts';

const order: readonly StatementCost['blocks'][] = ['nothing', 'writes', 'reads and writes'];

/** The table that a change is about, where others can use it already. */
export function tableInUse(change: StructureChange): TableName | undefined {
  if (change.kind === 'alter table') return change.from.table;
  if (change.kind === 'rename table') return change.from;
  return change.kind === 'drop table' ? change.table : undefined;
}

/** The tables in use that a plan needs, each with the most that one of its statements asks of it. */
export class TableClaims {
  readonly #claims = new Map<string, TableClaim>();
  readonly #new: ReadonlySet<string>;

  constructor(changes: readonly StructureChange[]) {
    this.#new = new Set(
      changes.flatMap((change) => (change.kind === 'create table' ? [qualified(change.table.table)] : [])),
    );
  }

  add(change: StructureChange, cost: StatementCost): void {
    const table = tableInUse(change);
    for (const each of [...(table ? [table] : []), ...(cost.alsoLocks ?? [])]) {
      const name = qualified(each);
      const most = Math.max(order.indexOf(cost.blocks), order.indexOf(this.#claims.get(name)?.blocks ?? 'nothing'));
      if (!this.#new.has(name)) this.#claims.set(name, { table: each, blocks: order[most] ?? cost.blocks });
    }
  }

  list(): readonly TableClaim[] {
    return [...this.#claims.values()];
  }
}
