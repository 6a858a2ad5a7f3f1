import { hashOf } from '../maintained-table.ts';
import type { TriggerStructure } from '../table-structure.ts';

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

/** These servers cannot switch one off. */
export function toTrigger({ name, timing, event, body }: TriggerRow): TriggerStructure {
  const runs = `${timing} ${event}`.toLowerCase();
  return { name, runs, does: hashOf(runs, body), enabled: true };
}
