/** One row of a bookkeeping or catalogue query, by column name. Rows of datakits never take this way. */
export type Row = Readonly<Record<string, unknown>>;

/** One connection to one database. */
export interface Session extends AsyncDisposable {
  /**
   * Runs one statement and returns its rows.
   * @param parameters bound values; placeholders are `?` on every engine
   */
  query<Result extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<Result[]>;
  /** Runs one statement without result. @returns the number of rows that it changed */
  execute(sql: string, parameters?: readonly unknown[]): Promise<number>;
  /**
   * Runs statements without result that belong to one transaction, and waits for a server once, not after each.
   * @throws what the first that fails throws, with its place in the list as `details.statement`
   */
  executeAll(statements: readonly string[]): Promise<void>;
  /**
   * Ends the connection at once, whatever runs on it: the statement in hand fails, and the server rolls back.
   * Absent where statements run in our own process, which does nothing else meanwhile.
   */
  interrupt?(): void;
  [Symbol.asyncDispose](): Promise<void>;
}
