import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchWorkspace } from './bench-workspace.ts';
import { alternate, timeProgram, type Measured } from './measure.ts';

const rounds = 5;
const datakits = 60;
const tablesInKit = 10;

/** Milliseconds over a run of Nx that does nothing, of all datakits together and of one alone. */
export async function nxDeployBench(workspace: BenchWorkspace): Promise<Measured[]> {
  const names = Array.from({ length: datakits }, (_, index) => `kit-${index}`);
  for (const name of names) workspace.addDatakit(name, tablesInKit);
  const nx = (...args: string[]): Promise<number> =>
    timeProgram(process.execPath, [workspace.nx, ...args], { cwd: workspace.root, environment: workspace.environment });
  const anew = (): void => rmSync(join(workspace.root, 'home'), { recursive: true, force: true });
  const projects = `--projects=${names.join()}`;
  // The first run of a workspace makes the graph, and Node's cache of compiled sources.
  await nx('run-many', '-t', 'deploy', projects);
  const many = await alternate(
    3,
    () => (anew(), nx('run-many', '-t', 'deploy', projects)),
    () => nx('run-many', '-t', 'noop', projects),
  );
  await nx('run', 'bronze-pagila:deploy');
  const one = await alternate(
    rounds,
    () => (anew(), nx('run', 'bronze-pagila:deploy')),
    // One task of ours does not batch, either.
    () => nx('run', 'bronze-pagila:noop', '--batch=false'),
  );
  return [
    overNoop(`nx run-many -t deploy, ${datakits} datakits of ${tablesInKit} tables, new SQLite file`, many, 3_000),
    overNoop('nx run bronze-pagila:deploy, new SQLite file', one, 500),
  ];
}

function overNoop(what: string, [ours, noop]: readonly [number, number], budgetMs: number): Measured {
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
  return {
    what: `${what} (budget ${seconds(budgetMs)} more than a no-op)`,
    held: ours - noop <= budgetMs,
    figures: `${seconds(ours - noop)} more, ratio ${(ours / noop).toFixed(2)} (${seconds(ours)}, no-op ${seconds(noop)})`,
  };
}
