import type { Engine } from '../engines/engine.ts';
import type { Row, Session } from '../engines/session.ts';
import { isInstant, ledgerTableName, type LedgerTable } from './ledger-tables.ts';

/** Rows that one statement takes: round trips are what bookkeeping costs. */
const rowsPerStatement = 1000;

/** Parts of a list that one statement can take. */
export function* chunks<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += rowsPerStatement)
    yield items.slice(start, start + rowsPerStatement);
}

/** The rows of the bookkeeping tables, read and written alike on every engine. */
export class LedgerRows {
  readonly #engine: Engine;
  readonly #session: Session;

  constructor(engine: Engine, session: Session) {
    this.#engine = engine;
    this.#session = session;
  }

  /** @param rest what follows the table's name: conditions and order */
  async select<Result extends Row>(
    table: LedgerTable,
    rest: string,
    parameters: readonly unknown[] = [],
  ): Promise<Result[]> {
    return this.#session.query<Result>(`select * from ${this.#name(table)} ${rest}`, parameters);
  }

  /** How many rows have each value of a column. */
  async countBy(
    table: LedgerTable,
    column: string,
    where: string,
    parameters: readonly unknown[],
  ): Promise<ReadonlyMap<string, number>> {
    const name = this.#engine.quote(column);
    const rows = await this.#session.query<{ value: string; n: unknown }>(
      `select ${name} as value, count(*) as n from ${this.#name(table)} where ${where} group by ${name} order by ${name}`,
      parameters,
    );
    return new Map(rows.map(({ value, n }) => [value, Number(n)]));
  }

  /** Inserts rows of the same columns; instants are given as ISO 8601 in UTC. */
  async insert(table: LedgerTable, ...rows: readonly Row[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {});
    const names = columns.map((column) => this.#engine.quote(column)).join(', ');
    const row = `(${columns.map(() => '?').join(', ')})`;
    for (const chunk of chunks(rows)) {
      await this.#session.execute(
        `insert into ${this.#name(table)} (${names}) values ${chunk.map(() => row).join(', ')}`,
        chunk.flatMap((values) => columns.map((column) => this.#bound(table, column, values[column]))),
      );
    }
  }

  /** @param where a condition, with `?` for `parameters` */
  async update(table: LedgerTable, values: Row, where: string, parameters: readonly unknown[] = []): Promise<number> {
    const columns = Object.keys(values);
    return this.#session.execute(
      `update ${this.#name(table)} set ${columns.map((column) => `${this.#engine.quote(column)} = ?`).join(', ')} where ${where}`,
      [...columns.map((column) => this.#bound(table, column, values[column])), ...parameters],
    );
  }

  /** @param where a condition, with `?` for `parameters` */
  async delete(table: LedgerTable, where: string, parameters: readonly unknown[]): Promise<void> {
    await this.#session.execute(`delete from ${this.#name(table)} where ${where}`, parameters);
  }

  #bound(table: LedgerTable, column: string, value: unknown): unknown {
    return typeof value === 'string' && isInstant(table, column) ? this.#engine.instant(value) : value;
  }

  #name(table: LedgerTable): string {
    return this.#engine.quoteTable(ledgerTableName(table, this.#engine));
  }
}
