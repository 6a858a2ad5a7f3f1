import { basename, dirname } from 'node:path/posix';

/**
 * Gives every folder with a tsconfig.json under apps, libs and tools the targets `lint`, `typecheck` and `test`,
 * so that a new project is checked without saying so; nx.json says how.
 */
export const createNodes = [
  '{apps,libs,tools}/*/tsconfig.json',
  (files) =>
    files.map((file) => {
      const root = dirname(file);
      const targets = {
        lint: { command: 'eslint {projectRoot}', options: { cwd: '{workspaceRoot}' } },
        typecheck: { command: 'tsc --noEmit -p {projectRoot}/tsconfig.json', options: { cwd: '{workspaceRoot}' } },
        test: {
          command:
            'node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js --passWithNoTests {projectRoot}/',
          options: { cwd: '{workspaceRoot}' },
        },
      };
      return [file, { projects: { [root]: { name: basename(root), targets } } }];
    }),
];

export const name = 'project-checks';
