import { describePlace } from '../engines/place.ts';
import type { Output } from '../report/output.ts';
import { summaryTable } from '../report/summary-table.ts';
import { inspectTargets, type TargetState } from './inspect-targets.ts';
import { prune } from './prune.ts';
import type { RunRequest } from './run-request.ts';

/** Lists every target with its state; with `--prune`, first removes what nobody needs any more. */
export async function runTargets(request: RunRequest, output: Output): Promise<void> {
  const pruned = request.options.prune ? await prune(request) : undefined;
  const states = await inspectTargets(request);
  if (request.options.json) {
    const targets = states.map(({ place, ...state }) => ({ ...state, address: place && describePlace(place) }));
    output.line(JSON.stringify(pruned ? { pruned, targets } : targets, null, 2));
    return;
  }
  if (pruned?.length === 0) output.line('Nothing to prune.');
  else if (pruned) {
    const removed = pruned.map((each) => [each.removed, each.name, each.where]);
    output.line(summaryTable(['removed', 'name', 'where'], removed));
  }
  const rows = states.map((state) => [state.name, state.engine, shownAddress(state), shownState(state)]);
  output.line(summaryTable(['target', 'engine', 'address', 'state'], rows));
}

function shownAddress({ place, state, image }: TargetState): string {
  if (place) return describePlace(place);
  return state === 'on demand' ? `started on demand${image ? ` (container ${image})` : ''}` : '';
}

function shownState({ state, kind, problem, place, image, expiresAt }: TargetState): string {
  if (state === 'unreachable') return `not reachable${problem ? `: ${problem}` : ''}`;
  // Somebody's own server comes before a container of ours.
  const answers = image && place && 'host' in place && `answers at ${place.host}:${place.port}`;
  const end = expiresAt && `until ${expiresAt.slice(0, 16).replace('T', ' ')} UTC`;
  return [answers, state, kind, end].filter(Boolean).join(', ');
}
