import { describePlace } from '../engines/place.ts';
import type { Output } from '../report/output.ts';
import { summaryTable } from '../report/summary-table.ts';
import { inspectTargets, type TargetState } from './inspect-targets.ts';
import { pruneServers } from './prune-servers.ts';
import type { RunRequest } from './run-request.ts';

/** Lists every target with its state; with `--prune`, stops servers of ours that nobody uses. */
export async function runTargets(request: RunRequest, output: Output): Promise<void> {
  if (request.options.prune) {
    const stopped = await pruneServers(request.workspaceRoot);
    output.line(stopped.length > 0 ? `Stopped ${stopped.join(' and ')}.` : 'No server of ours was left running.');
  }
  const states = await inspectTargets(request);
  if (request.options.json) {
    output.line(
      JSON.stringify(
        states.map(({ place, ...state }) => ({ ...state, address: place && describePlace(place) })),
        null,
        2,
      ),
    );
    return;
  }
  const rows = states.map((state) => [state.name, state.engine, shownAddress(state), shownState(state)]);
  output.line(summaryTable(['target', 'engine', 'address', 'state'], rows));
}

function shownAddress({ place, state, image }: TargetState): string {
  if (place) return describePlace(place);
  return state === 'on demand' ? `started on demand${image ? ` (container ${image})` : ''}` : '';
}

function shownState({ state, kind, problem, place, image }: TargetState): string {
  if (state === 'unreachable') return `not reachable${problem ? `: ${problem}` : ''}`;
  const shown = kind ? `${state}, ${kind}` : state;
  // Somebody's own server comes before a container of ours.
  return image && place?.engine !== 'sqlite' && place ? `answers at ${place.host}:${place.port}, ${shown}` : shown;
}
