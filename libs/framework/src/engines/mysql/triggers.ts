import { hashOf } from '../maintained-table.ts';
import type { Session } from '../session.ts';
import type { TriggerStructure } from '../table-structure.ts';
import { quote } from './quote.ts';

/** A trigger as the catalogue has it; the body is kept as it was written. */
export interface TriggerRow {
  readonly name: string;
  readonly timing: string;
  readonly event: string;
  readonly body: string;
}

/** Accounts without the right TRIGGER on a table do not see those of it. */
export const triggersQuery = `
  select event_object_table as tableName, trigger_name as name, action_timing as timing, event_manipulation as event,
    action_statement as body
  from information_schema.triggers where trigger_schema = database() and event_object_table in (?) order by trigger_name`;

/**
 * The bodies of triggers as they were written. The catalogue of MySQL repeats parts of quoted names that hold a backtick
 * (seen in 9.7: `new``x` is shown as `nenew`x`x`) and leaves out what escapes; only `show create trigger` has the text.
 */
export async function withWrittenBodies(
  session: Session,
  triggers: readonly TriggerRow[],
  columns: readonly string[],
): Promise<readonly TriggerRow[]> {
  const isOdd = (name: string): boolean => /[`'"\\]/.test(name);
  const written: TriggerRow[] = [];
  for (const trigger of triggers) {
    if (![trigger.name, ...columns].some(isOdd)) {
      written.push(trigger);
      continue;
    }
    const [row] = await session.query(`show create trigger ${quote(trigger.name)}`);
    const body = /^(?:`(?:[^`]|``)*`|[^`])*?\bfor each row\s+(.*)$/is.exec(
      String(row?.['SQL Original Statement']),
    )?.[1];
    written.push({ ...trigger, body: body ?? trigger.body });
  }
  return written;
}

/** These servers cannot switch one off. */
export function toTrigger({ name, timing, event, body }: TriggerRow): TriggerStructure {
  const runs = `${timing} ${event}`.toLowerCase();
  return { name, runs, does: hashOf(runs, body), enabled: true };
}
