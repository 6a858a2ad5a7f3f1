import type { Engine } from '../engine.ts';
import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';

/** A trigger as somebody makes it by hand; triggers are the one thing that no two engines write alike. */
export interface HandMadeTrigger {
  readonly name: string;
  readonly table: TableName;
  /** Has one text column, which takes `column` of every new row. */
  readonly log: TableName;
  readonly column: string;
}

export async function createTrigger(
  engine: Engine,
  session: Session,
  { name, table, log, column }: HandMadeTrigger,
): Promise<void> {
  const insert = `insert into ${engine.quoteTable(log)} values (new.${column})`;
  const on = `after insert on ${engine.quoteTable(table)}`;
  const quoted = engine.quoteTable({ ...table, name });
  if (!engine.supportsSchemas) {
    const each = engine.supportsConcurrentWriters ? 'for each row ' : '';
    await session.execute(`create trigger ${quoted} ${on} ${each}begin ${insert}; end`);
    return;
  }
  await session.execute(
    `create function ${quoted}() returns trigger language plpgsql as $$ begin ${insert}; return new; end $$`,
  );
  await session.execute(`create trigger by_hand ${on} for each row execute function ${quoted}()`);
}
