import { badRowsPattern } from '../ingest/bad-rows-limit.ts';
import { timeToLivePattern } from '../settings/time-to-live.ts';

/** What can be done to a datakit, to all that a pipeline depends on, or (`targets`) to the list of database targets. */
export const operations = ['deploy', 'validate', 'ingest', 'pipeline', 'targets'] as const;
export type Operation = (typeof operations)[number];

/** One option as people type it; the schemas of the Nx executors, `datakit --help` and the docs come from this list. */
export interface OptionDefinition {
  readonly type: 'boolean' | 'string' | 'integer' | 'number' | 'list';
  readonly description: string;
  /** The allowed values; for a list those of each item. */
  readonly values?: readonly string[];
  readonly minimum?: number;
  /** What the text has to look like, for machines and for people. */
  readonly pattern?: string;
  readonly patternMeans?: string;
  /** Named in help texts; the code that uses the option applies it. */
  readonly default?: string | number | boolean;
  readonly operations: readonly Operation[];
}

const everywhere = operations;
const onDatakits = ['deploy', 'validate', 'ingest', 'pipeline'] as const;
const writing = ['deploy', 'ingest', 'pipeline'] as const;

/** Every option of every operation, in the order in which help shows them. */
export const operationOptions = {
  url: {
    type: 'string',
    description:
      'Where the target is: postgresql://user@host:port/database, mysql://…, mariadb://… or sqlite:FILE. No password in it.',
    operations: onDatakits,
  },
  targetType: {
    type: 'string',
    values: ['sqlite', 'postgres', 'mysql', 'mariadb'],
    description: 'Engine of a target given by --host, --port, --database, --user',
    operations: onDatakits,
  },
  host: {
    type: 'string',
    description: 'Host name, or a unix socket: its folder (PostgreSQL), its file or folder (MySQL, MariaDB)',
    operations: onDatakits,
  },
  port: {
    type: 'integer',
    minimum: 1,
    description: 'TCP port, or the number of the unix socket',
    operations: onDatakits,
  },
  database: { type: 'string', description: 'Database name; for SQLite the file', operations: onDatakits },
  user: { type: 'string', description: 'Database user', operations: onDatakits },
  reportFile: {
    type: 'string',
    description: 'Write the run report (JSON) to this file, too',
    operations: everywhere,
  },
  validate: { type: 'boolean', description: 'Check the structure after the deployment', operations: ['deploy'] },
  plan: {
    type: 'boolean',
    description: 'Print what would be done and change nothing',
    operations: ['deploy', 'pipeline'],
  },
  planDir: {
    type: 'string',
    description:
      'With --plan: write one plan file per datakit into this folder. Without: do exactly those plans, and refuse one that is stale or was edited',
    operations: ['deploy'],
  },
  approve: {
    type: 'list',
    description: 'Plans that may be done on a protected database, by the hashes that --plan shows',
    operations: ['deploy'],
  },
  allowDestructive: {
    type: 'list',
    description: 'Objects that may lose data, each by name: table, table.column',
    operations: ['deploy'],
  },
  cleanup: {
    type: 'boolean',
    description: 'Afterwards drop what this command created, also after a failure (disposable databases only)',
    operations: ['deploy'],
  },
  recreate: {
    type: 'boolean',
    description: 'Drop the datakit’s own tables first and create them anew (disposable databases only)',
    operations: ['deploy'],
  },
  timeToLive: {
    type: 'string',
    pattern: timeToLivePattern,
    patternMeans: 'a number with m, h, d or w (90m, 2h, 3d, 1w), or never',
    description:
      'How long a database that we made stays after its last deployment before "targets --prune" drops it: 90m, 2h, 3d, never',
    operations: ['deploy'],
  },
  keep: {
    type: 'boolean',
    description: 'Leave a server that we started running afterwards, also where --cleanup drops the database',
    operations: writing,
  },
  lockTimeout: {
    type: 'number',
    minimum: 0,
    default: 10,
    description: 'Seconds to wait for another run that holds the lock',
    operations: writing,
  },
  checks: {
    type: 'list',
    values: ['structure', 'data', 'freshness'],
    default: 'structure,data,freshness',
    description: 'What to check: tables against entities, rows against expectations, the age of the newest rows',
    operations: ['validate'],
  },
  showKeys: {
    type: 'integer',
    minimum: 1,
    description: 'Print the keys of so many failing rows of each check. Keys are data: they go to the terminal only',
    operations: ['validate'],
  },
  failOn: {
    type: 'string',
    values: ['error', 'warn'],
    default: 'error',
    description: 'The least severity that makes the command fail',
    operations: ['validate'],
  },
  sourceUrl: {
    type: 'string',
    description: 'Read from this source instead of the one that the datakit names. No password in it.',
    operations: ['ingest', 'pipeline'],
  },
  tables: { type: 'list', description: 'Only these tables', operations: ['ingest'] },
  formats: {
    type: 'list',
    values: ['table', 'parquet', 'json'],
    default: 'table',
    description: 'What to write: tables in the target, Parquet files, newline-delimited JSON files',
    operations: ['ingest'],
  },
  mode: {
    type: 'string',
    values: ['full_snapshot', 'incremental'],
    default: 'full_snapshot',
    description: 'Read everything, or what changed since the last load, from tables that declare a cursor',
    operations: ['ingest'],
  },
  disposition: {
    type: 'string',
    values: ['replace', 'append', 'merge'],
    description: 'What becomes of earlier rows, instead of what the tables declare',
    operations: ['ingest'],
  },
  from: {
    type: 'string',
    description:
      'Backfill: only rows whose cursor has this value or a greater one. Incremental loads go on where they were',
    operations: ['ingest'],
  },
  to: {
    type: 'string',
    description: 'Backfill: only rows whose cursor has a smaller value than this',
    operations: ['ingest'],
  },
  fullRefresh: {
    type: 'boolean',
    description: 'Replace all rows, whatever the tables declare, and let incremental loads begin there anew',
    operations: ['ingest', 'pipeline'],
  },
  out: {
    type: 'string',
    default: '.datakit/files',
    description: 'Folder for Parquet and JSON files',
    operations: ['ingest'],
  },
  maxBadRows: {
    type: 'string',
    pattern: badRowsPattern,
    patternMeans: 'a number of rows, or a part of them: 10, 0.5%',
    default: '0',
    description:
      'Bad rows of a table that may be set aside in _datakit.quarantine, as a number or a part (10, 0.5%); with more of them nothing of its load is published',
    operations: ['ingest'],
  },
  concurrency: {
    type: 'integer',
    minimum: 1,
    default: 2,
    description: 'Tables, and in a pipeline datakits, that are loaded at the same time, where the engine can',
    operations: ['ingest', 'pipeline'],
  },
  upstream: {
    type: 'string',
    values: ['missing', 'all'],
    description:
      'Which loads of layers below are made: those that are missing or no longer good (default of ingest), or all (default of a pipeline)',
    operations: ['ingest', 'pipeline'],
  },
  only: { type: 'list', description: 'Only these datakits of the pipeline', operations: ['pipeline'] },
  resume: {
    type: 'boolean',
    description: 'Go on with the last run of the pipeline on this target, which failed: what it loaded stays',
    operations: ['pipeline'],
  },
  prune: {
    type: 'boolean',
    description:
      'Drop databases whose time to live is over and what killed runs left; stop servers of ours that nobody uses',
    operations: ['targets'],
  },
  json: { type: 'boolean', description: 'Print JSON', operations: ['targets'] },
} as const satisfies Record<string, OptionDefinition>;

export type OptionName = keyof typeof operationOptions;

type ValueOf<Definition extends OptionDefinition> = Definition['type'] extends 'boolean'
  ? boolean
  : Definition['type'] extends 'integer' | 'number'
    ? number
    : Definition extends { type: 'list'; values: readonly (infer Item)[] }
      ? readonly Item[]
      : Definition['type'] extends 'list'
        ? readonly string[]
        : Definition extends { values: readonly (infer Item)[] }
          ? Item
          : string;

/** Checked options: only names from the list, each of its type. What the user did not give is absent. */
export type OperationOptions = { readonly [Name in OptionName]?: ValueOf<(typeof operationOptions)[Name]> };

/** The options that an operation has, in the order of the list. */
export function optionsOf(operation: Operation): [OptionName, OptionDefinition][] {
  return Object.entries(operationOptions as Record<string, OptionDefinition>).filter(([, definition]) =>
    definition.operations.includes(operation),
  ) as [OptionName, OptionDefinition][];
}
