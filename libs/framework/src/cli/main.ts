import { DatakitError, formatError, toDatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import { toolName } from '../report/tool-name.ts';
import { operations, type Operation } from '../runs/operation-options.ts';
import { helpText, operationHelpText } from './help-text.ts';
import { parseArguments } from './parse-arguments.ts';
import { runSteps } from './run-steps.ts';

/**
 * The `datakit` command. Sets `process.exitCode`: 0 only on success, 130 after Ctrl-C, 143 after SIGTERM, else 1.
 *
 * @param args what was typed after `datakit`
 */
export async function main(args: readonly string[]): Promise<void> {
  try {
    process.exitCode = await run(args);
  } catch (error) {
    process.stderr.write(`${formatError(toDatakitError(error, 'datakit'))}\n`);
    process.exitCode = 1;
  }
}

async function run([command, ...rest]: readonly string[]): Promise<number> {
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
    process.stdout.write(helpText());
    return command === undefined ? 1 : 0;
  }
  if (command === '--version') {
    process.stdout.write(`${toolName}\n`);
    return 0;
  }
  const operation = checkOperation(command);
  const typed = parseArguments(operation, rest);
  if (typed.help) {
    process.stdout.write(operationHelpText(operation));
    return 0;
  }
  return runSteps(operation, typed);
}

function checkOperation(command: string): Operation {
  if ((operations as readonly string[]).includes(command)) return command as Operation;
  throw new DatakitError({
    code: 'OPTION_INVALID',
    message: command.startsWith('-') ? 'The command has to come first.' : `There is no command "${command}".`,
    hint: suggestName(command, operations),
  });
}
