import parser from 'yargs-parser';
import { flagsOf, type NxTaskCommand } from './nx-flags.ts';

/** A command line of Nx, taken apart as Nx does it. */
export interface NxCommand {
  readonly kind: NxTaskCommand | 'other';
  /** `nx run`: the `project:target:configuration` as typed. */
  readonly specifier?: string;
  /** Projects named by `--project`, `--projects`, `-p`, or as the second word of `nx deploy bronze-pagila`. */
  readonly projects: readonly string[];
  /** Targets named by `-t`, or as the first word of `nx deploy bronze-pagila`. */
  readonly targets: readonly string[];
  /** What `-c`, `--configuration` and `--prod` say; more than one is for the caller to refuse. */
  readonly configurations: readonly string[];
  /** What is left for the executors, by name as typed. */
  readonly options: Readonly<Record<string, unknown>>;
  /** True where options stand before a `--`: Nx drops those without a word. */
  readonly dropsOptions: boolean;
  /** Words that belong to nothing. */
  readonly words: readonly string[];
  /** `-xyz`: neither Nx nor the executors have a letter of that name. */
  readonly letters: readonly string[];
  readonly batch?: boolean;
}

const notATask: NxCommand = {
  kind: 'other',
  projects: [],
  targets: [],
  configurations: [],
  options: {},
  dropsOptions: false,
  words: [],
  letters: [],
};

// The settings with which Nx calls the same parser (nx/dist/src/command-line/yargs-utils/shared-options.js).
const nxParserConfiguration = {
  'strip-dashed': true,
  'unknown-options-as-args': true,
  'populate--': true,
  'parse-numbers': false,
  'parse-positional-numbers': false,
};

/**
 * Takes apart what was typed after `nx`.
 *
 * @param argv the raw `process.argv` of the nx process: node and script come first
 */
export function parseNxCommand(argv: readonly string[]): NxCommand {
  const typed = argv.slice(2);
  const command = readFlags('run', typed)._[0];
  if (command === undefined || command === 'exec' || command === 'release' || command.startsWith('affected:')) {
    return notATask;
  }
  if (command === 'run-many' || command === 'affected') {
    const flags = readFlags(command, joinLists(typed));
    return { kind: command, ...common(flags, 1), projects: list(flags['projects']), targets: list(flags['targets']) };
  }
  const flags = readFlags('run', typed);
  const [, second] = flags._;
  const hasWord = second !== undefined && !second.startsWith('-');
  const projects = list(flags['project']);
  const targets = list(flags['target']);
  const rest = common(flags, hasWord ? 2 : 1);
  if (command === 'run') return { kind: 'run', ...rest, projects, targets, ...(hasWord ? { specifier: second } : {}) };
  return {
    kind: 'run',
    ...rest,
    targets: [command, ...targets],
    projects: hasWord ? [second, ...projects] : projects,
  };
}

type Flags = Omit<parser.Arguments, '_'> & { _: string[] };

function readFlags(command: NxTaskCommand, typed: readonly string[]): Flags {
  const flags = flagsOf(command);
  const named = (type: string) => flags.flatMap(([name, flag]) => (flag.type === type ? [name] : []));
  return parser([...typed], {
    string: named('string'),
    number: named('number'),
    boolean: named('boolean'),
    alias: Object.fromEntries(flags.map(([name, flag]) => [name, [...(flag.alias ?? [])]])),
    configuration: nxParserConfiguration,
  }) as Flags;
}

function common(flags: Flags, commandWords: number): Omit<NxCommand, 'kind' | 'specifier' | 'projects' | 'targets'> {
  const beforeDashes = flags._.slice(commandWords);
  const afterDashes = flags['--'] as string[] | undefined;
  const rest = [...beforeDashes, ...(afterDashes ?? [])];
  const letters = rest.filter((word) => /^-[A-Za-z]/.test(word));
  const { _: words, ...options } = parser(
    rest.filter((word) => !letters.includes(word)),
    { configuration: { 'camel-case-expansion': false, 'dot-notation': false, 'parse-numbers': false } },
  );
  return {
    configurations: [...repeated(flags['configuration']), ...(flags['prod'] === true ? ['production'] : [])],
    options,
    dropsOptions: afterDashes !== undefined && beforeDashes.length > 0,
    words: words.map(String),
    letters,
    ...(typeof flags['batch'] === 'boolean' ? { batch: flags['batch'] } : {}),
  };
}

/** Nx lets `-t deploy validate` and `-p a b` stand for `-t deploy,validate` and `-p a,b` (nx/dist/bin/init-local.js). */
function joinLists(typed: readonly string[]): string[] {
  const joined: string[] = [];
  let open = false;
  for (const [index, word] of typed.entries()) {
    if (word === '--') return [...joined, ...typed.slice(index)];
    if (open && !word.startsWith('-')) {
      const before = joined.pop() as string;
      joined.push(before === '' ? word : `${before},${word}`);
      continue;
    }
    joined.push(word);
    open = ['-p', '--projects', '--exclude', '--files', '-t', '--target', '--targets'].includes(word);
    if (open) joined.push('');
  }
  return joined;
}

function repeated(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}

function list(value: unknown): string[] {
  return repeated(value)
    .flatMap((names) => names.split(','))
    .filter((name) => name !== '');
}
