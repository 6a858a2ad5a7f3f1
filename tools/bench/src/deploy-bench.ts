import { startPostgres } from '@datakit/framework/testing';
import { BenchWorkspace } from './bench-workspace.ts';
import { printMeasured, type Measured } from './measure.ts';
import { nxDeployBench } from './nx-deploy-bench.ts';
import { startUpBench } from './start-up-bench.ts';
import { templateBench } from './template-bench.ts';
import { unchangedDeployBench } from './unchanged-deploy-bench.ts';
import { wideDeployBench } from './wide-deploy-bench.ts';

/** Measures the budgets for deployments, each next to its yardstick, in one run. */
export async function deployBench(): Promise<Measured[]> {
  using workspace = new BenchWorkspace();
  await using server = await startPostgres();
  const benches: readonly (() => Promise<readonly (Measured | undefined)[]>)[] = [
    () => startUpBench(workspace),
    () => unchangedDeployBench(workspace, server),
    async () => [await wideDeployBench(workspace, server)],
    () => nxDeployBench(workspace),
    async () => [await templateBench()],
  ];
  const all: Measured[] = [];
  for (const bench of benches) {
    for (const measured of await bench()) {
      if (!measured) continue;
      printMeasured(measured);
      all.push(measured);
    }
  }
  return all;
}
