import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { flagsOf, type NxTaskCommand } from './nx-flags.ts';

const require = createRequire(import.meta.url);
const installed = join(require.resolve('nx/package.json'), '..', 'dist', 'src', 'command-line');

/** Stands in for yargs and writes down what a command of Nx declares. */
function declaredBy(builder: (yargs: object) => unknown): Map<string, { type?: string; alias?: string | string[] }> {
  const flags = new Map<string, { type?: string; alias?: string | string[] }>();
  const recorder: object = new Proxy(
    {},
    {
      get: (_, name) => (key: string, flag: object) => {
        if (name === 'option' || name === 'options') flags.set(key, flag);
        return recorder;
      },
    },
  );
  builder(recorder);
  return flags;
}

const { yargsRunCommand } = require(join(installed, 'run/command-object.js'));
const { yargsRunManyCommand } = require(join(installed, 'run-many/command-object.js'));
const { yargsAffectedCommand } = require(join(installed, 'affected/command-object.js'));

test.each([
  ['run', yargsRunCommand],
  ['run-many', yargsRunManyCommand],
  ['affected', yargsAffectedCommand],
] as const)('the flags of nx %s are those of the installed Nx', (command, { builder }) => {
  const expected = [...declaredBy(builder)].map(([name, { type, alias = [] }]) => [
    name,
    type,
    [alias].flat().toSorted(),
  ]);
  const ours = flagsOf(command as NxTaskCommand).map(([name, flag]) => [
    name,
    flag.type,
    [...(flag.alias ?? [])].toSorted(),
  ]);
  expect(ours.toSorted()).toEqual(expected.toSorted());
});
