import { expect, test } from '@jest/globals';
import { Scratch } from './support/workspace.ts';

const mistyped = [
  ['a configuration in run', ['run', 'bronze-pagila:deploy:sqlite_fiel'], ['TARGET_UNKNOWN', 'sqlite_file']],
  ['a configuration in run-many', ['run-many', '-t', 'deploy', '-c', 'sqlite_fiel'], ['TARGET_UNKNOWN', 'sqlite_file']],
  [
    'a configuration in affected',
    ['affected', '-t', 'deploy', '-c', 'sqlite_fiel', '--files=libs/bronze-pagila/datakit.json'],
    ['TARGET_UNKNOWN', 'sqlite_file'],
  ],
  ['an option', ['run', 'bronze-pagila:deploy', '--validat'], ['OPTION_UNKNOWN', 'validate']],
  [
    'a password into a URL',
    ['run', 'bronze-pagila:deploy', '--url=postgresql://me:open-sesame@127.0.0.1:1/db'],
    ['SECRET_IN_ARGS', 'PGPASSWORD'],
  ],
  [
    'two targets at once',
    ['run', 'bronze-pagila:deploy:sqlite_memory', '--url=sqlite:other.sqlite'],
    ['OPTION_INVALID'],
  ],
] as const;

test.each(mistyped)('%s makes nothing anywhere', async (_, command, expected) => {
  using scratch = new Scratch();
  const result = await scratch.nx(...command);
  expect(result.exitCode).not.toBe(0);
  for (const text of expected) expect(result.output).toContain(text);
  expect(result.output).not.toContain('open-sesame');
  expect(scratch.files()).toEqual([]);
});
