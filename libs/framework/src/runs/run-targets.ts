import { describePlace } from '../engines/place.ts';
import type { Output } from '../report/output.ts';
import { summaryTable } from '../report/summary-table.ts';
import { inspectTargets, pruneServers, type TargetState } from './inspect-targets.ts';
import type { RunRequest } from './run-request.ts';

/** Lists every target with its state; with `--prune`, stops servers of ours that nobody uses. */
export async function runTargets(request: RunRequest, output: Output): Promise<void> {
  if (request.options.prune) {
    const stopped = await pruneServers(request.workspaceRoot);
    output.line(stopped ? 'Stopped the embedded server.' : 'No server of ours was left running.');
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

function shownAddress({ place, state }: TargetState): string {
  return place ? describePlace(place) : state === 'on demand' ? 'started on demand' : '';
}

function shownState({ state, kind, problem }: TargetState): string {
  if (state === 'unreachable') return `not reachable${problem ? `: ${problem}` : ''}`;
  return kind ? `${state}, ${kind}` : state;
}
