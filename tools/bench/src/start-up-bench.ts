import type { BenchWorkspace } from './bench-workspace.ts';
import { alternate, timeProgram, type Measured } from './measure.ts';

const rounds = 7;

/** What a user waits for before the `datakit` command does anything, next to a Node that does nothing. */
export async function startUpBench(workspace: BenchWorkspace): Promise<Measured[]> {
  const folder = workspace.addDatakit('started', 1);
  const run = (...args: string[]): Promise<number> =>
    timeProgram(process.execPath, args, { cwd: workspace.root, environment: workspace.environment });
  const node = (): Promise<number> => run('--eval', '0');
  const deploy = (): Promise<number> => run(workspace.datakit, 'deploy', folder, '--target=sqlite_file');
  await deploy();
  const version = await alternate(rounds, () => run(workspace.datakit, '--version'), node);
  const unchanged = await alternate(rounds, deploy, node);
  return [overNode('datakit --version', version), overNode('datakit deploy of one unchanged table', unchanged)];
}

function overNode(what: string, [ours, node]: readonly [number, number]): Measured {
  return {
    what: `${what} next to node --eval 0`,
    figures: `${Math.round(ours - node)} ms more, ratio ${(ours / node).toFixed(1)} (${Math.round(ours)} ms, ${Math.round(node)} ms)`,
  };
}
