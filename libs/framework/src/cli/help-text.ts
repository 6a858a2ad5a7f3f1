import { optionsOf, operations, type Operation, type OptionDefinition } from '../runs/operation-options.ts';
import { defaultTargetName, predefinedTargets } from '../targets/predefined-targets.ts';

const purpose: Record<Operation, string> = {
  deploy: 'Creates the tables of datakits in a database target, or brings them up to date',
  validate: 'Proves that a database target has what the datakits declare',
  ingest: 'Fills the tables of datakits from their sources',
  pipeline: 'Takes all datakits that a pipeline depends on through deploy, ingest and validate',
  targets: 'Lists the database targets: engine, address, reachable or not',
};

/** The text of `datakit --help`. */
export function helpText(): string {
  return [
    'Usage: datakit <command> [datakit folders] [options]',
    '',
    ...columns(operations.map((operation) => [operation, purpose[operation]])),
    '',
    'datakit <command> --help shows the options of a command; datakit --version the version.',
    '',
    'Example: datakit deploy libs/bronze-pagila --target=sqlite_memory --validate',
    '',
  ].join('\n');
}

/** The text of `datakit deploy --help` and its siblings, from the one list of options. */
export function operationHelpText(operation: Operation): string {
  const takesDatakits = operation !== 'targets';
  const target: [string, string] = ['--target=NAME', `Database target. Default: ${defaultTargetName}`];
  return [
    `Usage: datakit ${operation} ${takesDatakits ? 'FOLDER… ' : ''}[options]`,
    '',
    `${purpose[operation]}.`,
    '',
    ...columns([
      ...(takesDatakits ? [target] : []),
      ...optionsOf(operation).map(([name, definition]) => option(name, definition)),
    ]),
    ...(takesDatakits ? ['', 'Targets:', ...columns(targets())] : []),
    '',
  ].join('\n');
}

function option(name: string, { type, values, description, default: usual }: OptionDefinition): [string, string] {
  const value = { boolean: '', list: '=A,B', string: '=TEXT', integer: '=N', number: '=N' }[type];
  const allowed = values ? ` One of: ${values.join(', ')}.` : '';
  const ending = description.endsWith('.') ? '' : '.';
  return [`--${name}${value}`, `${description}${ending}${allowed}${usual === undefined ? '' : ` Default: ${usual}`}`];
}

function targets(): [string, string][] {
  return Object.entries(predefinedTargets).map(([name, { description }]) => [name, description]);
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}
