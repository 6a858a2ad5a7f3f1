import type { KnownDatakit } from '../find-datakit.ts';
import type { TestRunner } from '../test-text.ts';

/** The README of a new pipeline. */
export function pipelineReadme(name: string, datakits: readonly KnownDatakit[]): string {
  return `# ${name}

Takes these datakits through deploy, ingest and validate, each as soon as what it builds on has succeeded:
${datakits.map((each) => `\`${each.name}\``).join(', ')}.

\`\`\`sh
npx nx run ${name}:run                    # into the default database target
npx nx run ${name}:run -c postgres_local  # or another one
npx nx run ${name}:run --plan             # says what would be deployed, and why each datakit would be loaded
npx nx run-many -t lint,typecheck,test -p ${name}
\`\`\`

A datakit more is one more of the \`dependencies\` in \`package.json\`. \`src/index.ts\` may ask questions of the tables
that a run prints at its end.
`;
}

/** The test of a new pipeline: its datakits fit together in one database. */
export function pipelineTest(runner: TestRunner, datakits: readonly KnownDatakit[]): string {
  const names = datakits.map(({ name }) => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()));
  const [imports, assertion] = {
    jest: [[`import { expect, test } from '@jest/globals';`], 'expect(findings).toEqual([]);'],
    vitest: [[`import { expect, test } from 'vitest';`], 'expect(findings).toEqual([]);'],
    node: [
      [`import assert from 'node:assert/strict';`, `import { test } from 'node:test';`],
      'assert.deepEqual(findings, []);',
    ],
  }[runner] as [string[], string];
  return `${imports.join('\n')}
${datakits.map(({ packageName }, index) => `import ${names[index]} from '${packageName}';`).join('\n')}
import { ciTarget, deploy, openTarget, validate } from '@datakit/framework';

test('its datakits can be deployed one upon the other', async () => {
  await using database = await openTarget(ciTarget());
  for (const datakit of [${names.join(', ')}]) {
    await deploy(datakit, database);
    const { findings } = await validate(datakit, database, { checks: ['structure'] });
    ${assertion}
  }
});
`;
}
