import { parseArgs } from 'node:util';
import { cases } from './cases/index.ts';
import { openLab } from './harness/open-lab.ts';
import { printResults, runCases } from './harness/run-cases.ts';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    case: { type: 'string', multiple: true, default: [] },
    engine: { type: 'string', multiple: true, default: [] },
    points: { type: 'string', default: '6' },
    atOnce: { type: 'string', default: '2' },
    journal: { type: 'string' },
    record: { type: 'boolean', default: false },
  },
});

const unknown = values.case.filter((name) => !cases.some((each) => each.name === name));
if (unknown.length > 0) {
  console.error(`There is no case ${unknown.join(', ')}. Known: ${cases.map(({ name }) => name).join(', ')}.`);
  process.exitCode = 1;
} else {
  await using lab = await openLab({
    engines: values.engine,
    pointsPerSweep: values.full ? undefined : Number(values.points),
    atOnce: Number(values.atOnce),
    journal: values.journal,
    progress: (text) => console.error(text),
  });
  const chosen = cases.filter(({ name }) => values.case.length === 0 || values.case.includes(name));
  const results = await runCases(chosen, lab);
  printResults(results);
  if (values.record) {
    const { recordResults } = await import('./report/recorded-results.ts');
    await recordResults(results, values.full ? 'every point' : `${values.points} points`);
  }
  process.exitCode = results.some(({ violations }) => violations.length > 0) ? 1 : 0;
}
