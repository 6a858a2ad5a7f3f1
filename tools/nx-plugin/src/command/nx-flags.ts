/** The commands of Nx that run tasks by name. */
export type NxTaskCommand = 'run' | 'run-many' | 'affected';

interface NxFlag {
  readonly type: 'string' | 'number' | 'boolean';
  readonly alias?: readonly string[];
  /** Where it is left out, all three commands have the flag. */
  readonly on?: readonly NxTaskCommand[];
}

const many = ['run-many', 'affected'] as const;

/**
 * The flags that Nx 23.2.1 itself takes on `run`, `run-many` and `affected`; everything else is an option of the
 * executors. `nx-flags.spec.ts` compares this list with the installed Nx.
 */
export const nxFlags: Readonly<Record<string, NxFlag>> = {
  all: { type: 'boolean', on: many },
  base: { type: 'string', on: ['affected'] },
  batch: { type: 'boolean' },
  cloud: { type: 'boolean' },
  configuration: { type: 'string', alias: ['c'] },
  dte: { type: 'boolean' },
  exclude: { type: 'string' },
  excludeTaskDependencies: { type: 'boolean' },
  files: { type: 'string', on: ['affected'] },
  graph: { type: 'string' },
  head: { type: 'string', on: ['affected'] },
  help: { type: 'boolean', on: ['run'] },
  maxParallel: { type: 'number' },
  nxBail: { type: 'boolean' },
  nxIgnoreCycles: { type: 'boolean' },
  outputStyle: { type: 'string' },
  parallel: { type: 'string' },
  prod: { type: 'boolean' },
  project: { type: 'string', alias: ['p'], on: ['run'] },
  projects: { type: 'string', alias: ['p'], on: ['run-many'] },
  runner: { type: 'string' },
  skipNxCache: { type: 'boolean', alias: ['disableNxCache'] },
  skipRemoteCache: { type: 'boolean', alias: ['disableRemoteCache'] },
  skipSync: { type: 'boolean' },
  stdin: { type: 'boolean', on: ['affected'] },
  target: { type: 'string', alias: ['t'], on: ['run'] },
  targets: { type: 'string', alias: ['target', 't'], on: many },
  tui: { type: 'boolean' },
  tuiAutoExit: { type: 'string' },
  uncommitted: { type: 'boolean', on: ['affected'] },
  untracked: { type: 'boolean', on: ['affected'] },
  useAgents: { type: 'boolean', alias: ['agents'] },
  verbose: { type: 'boolean' },
};

/** The flags that one command has, by name. */
export function flagsOf(command: NxTaskCommand): [string, NxFlag][] {
  return Object.entries(nxFlags).filter(([, flag]) => !flag.on || flag.on.includes(command));
}
