import { stateDifferences, type DatabaseState } from './database-state.ts';
import type { CaseResult, Lab } from './fault-case.ts';
import type { Fault, FaultTarget, WatchedRun } from './fault-target.ts';

/** What is swept, and what must hold after each fault. */
export interface Sweep {
  /** The case, for the journal. */
  readonly name: string;
  readonly target: FaultTarget;
  /** The command without its target: `['deploy', folder]`. */
  readonly command: readonly string[];
  readonly kind: Fault['kind'];
  /** How many commands run at the same time, where they mostly wait. */
  readonly atOnce?: number;
  /** Brings a database to the state from which the command starts; absent: from none. */
  prepare?(database: string): Promise<void>;
  /** What is wrong with a state after a fault. */
  judge(found: DatabaseState, run: WatchedRun, undisturbed: Undisturbed): readonly string[];
  /** What of the states of an undisturbed and of a repeated run must be equal. */
  compared(state: DatabaseState): DatabaseState;
}

/** The states around a command that met no fault. */
export interface Undisturbed {
  readonly before: DatabaseState;
  readonly after: DatabaseState;
}

/** Sessions of a killed client must be gone by then: the server looks for it each second. */
const settleSeconds = 3;

/** Brings a fault at each chosen point of a command, looks, repeats the command from each state that was left, and looks again. */
export async function sweep(
  lab: Lab,
  { name: caseName, target, command, kind, prepare, judge, compared, atOnce = lab.atOnce }: Sweep,
): Promise<CaseResult> {
  const name = (text: string): string => `${kind}_${text}`;
  await prepare?.(name('none'));
  const before = await target.state(name('none'));
  const undisturbed = await target.watch(command, name('none'));
  if (undisturbed.ended.exitCode !== 0) throw new Error(`Undisturbed, it failed: ${undisturbed.ended.output}`);
  const end = await target.state(name('none'));
  const after = compared(end);
  await target.drop(name('none'));
  const all = undisturbed.points.flatMap((_, index): Fault[] =>
    waysAt(index, kind, target).map((delivered) => ({ at: index + 1, kind, delivered })),
  );
  const violations: string[] = [];
  let points = 0;
  let slowest = 0;
  const chosen = lab.choose(all);
  const repeated = new Set<string>();
  const repeat = async (database: string): Promise<string[]> => {
    const again = await target.run(command, database);
    const failed = again.exitCode === 0 ? [] : [`the next run failed: ${again.output.trim()}`];
    const differences = stateDifferences(after, compared(await target.state(database)));
    return [...failed, ...differences.map((text) => `in the end ${text}`)];
  };
  const tryPoint = async (fault: Fault): Promise<void> => {
    const database = name(`${fault.at}${fault.delivered ? 'd' : ''}`);
    const point = [caseName, target.name, database].join(' ');
    const known = lab.journal.outcome(point);
    if (known) {
      points++;
      violations.push(...known);
      slowest = Math.max(slowest, lab.journal.seconds(point));
      return;
    }
    await prepare?.(database);
    const run = await target.watch(command, database, fault);
    const wrong: string[] = [];
    if (run.hit) {
      points++;
      slowest = Math.max(slowest, run.secondsAfterFault);
      const seconds = await target.settled(database, settleSeconds);
      if (seconds > settleSeconds) wrong.push(`the server still holds its session after ${settleSeconds} s`);
      const found = await target.state(database);
      wrong.push(...judge(found, run, { before, after: end }));
      // What a command makes of a state is the same each time, and most points leave one of a few states.
      const state = JSON.stringify([...found].sort());
      if (!repeated.has(state)) {
        repeated.add(state);
        wrong.push(...(await repeat(database)));
      }
    }
    await target.drop(database);
    const where = `${kind} ${fault.delivered ? 'after' : 'before'} ${fault.at} (${run.points[fault.at - 1]})`;
    const found = wrong.map((text) => `${where}: ${text}`);
    for (const text of found) lab.progress(`${target.name}: ${text}`);
    violations.push(...found);
    if (run.hit) lab.journal.record(point, found, run.secondsAfterFault);
    if (points % 20 === 0)
      lab.progress(`${target.name}: ${points} of ${chosen.length} points, ${violations.length} violations`);
  };
  const waiting = chosen.values();
  const tryPoints = async (): Promise<void> => {
    for (const fault of waiting) await tryPoint(fault);
  };
  await Promise.all(Array.from({ length: atOnce }, tryPoints));
  return {
    target: target.name,
    points,
    violations,
    note: `${kind}, of ${all.length}; ended within ${slowest.toFixed(1)} s; next run from ${repeated.size} states`,
  };
}

/**
 * Whether the server still gets the message of a point. To a server a client that was killed before its message and one
 * that was killed after the one before it are the same, so only the first message is tried in both ways.
 */
function waysAt(index: number, kind: Fault['kind'], { splitsPoints }: FaultTarget): readonly boolean[] {
  if (!splitsPoints) return [false];
  return kind === 'kill' && index > 0 ? [true] : [false, true];
}
