import { parseArgs, type ParseArgsConfig } from 'node:util';
import { DatakitError } from '../errors/datakit-error.ts';
import { checkOptions } from '../runs/check-options.ts';
import { optionsOf, type Operation, type OperationOptions } from '../runs/operation-options.ts';
import type { TargetRequest } from '../targets/target-definition.ts';

/** A command line after its first word. */
export interface TypedCommand {
  readonly help: boolean;
  /** Folders of datakits as typed. */
  readonly paths: readonly string[];
  readonly target: TargetRequest;
  /** Without those that say where the target is. */
  readonly options: OperationOptions;
}

/**
 * Reads the options and paths of one operation.
 *
 * @throws OPTION_UNKNOWN, OPTION_INVALID, SECRET_IN_ARGS
 */
export function parseArguments(operation: Operation, args: readonly string[]): TypedCommand {
  const { tokens, values, positionals } = parseArgs({
    args: [...args],
    options: parserOptions(operation),
    // Unknown options are refused below, with the nearest name and the error code of every other place.
    strict: false,
    allowPositionals: true,
    allowNegative: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'option' && token.inlineValue === false && token.value.startsWith('-')) {
      throw new DatakitError({ code: 'OPTION_INVALID', message: `--${token.name} needs a value.` });
    }
  }
  const { help = false, h = false, target: name, ...typed } = values;
  if (name !== undefined && (typeof name !== 'string' || operation === 'targets')) {
    const message =
      operation === 'targets' ? 'targets lists every target; leave --target out.' : '--target needs one name.';
    throw new DatakitError({ code: 'OPTION_INVALID', message });
  }
  const { url, targetType, host, port, database, user, ...options } = checkOptions([operation], typed);
  const place = { name: name as string | undefined, url, targetType, host, port, database, user };
  return {
    help: help === true || h === true,
    paths: positionals,
    target: Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined)),
    options,
  };
}

/** Each option under the name of the list and in the spelling with hyphens. */
function parserOptions(operation: Operation): NonNullable<ParseArgsConfig['options']> {
  const known = optionsOf(operation).flatMap(([name, { type }]) => {
    const option =
      type === 'boolean' ? { type: 'boolean' as const } : { type: 'string' as const, multiple: type === 'list' };
    return [
      [name, option],
      [name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), option],
    ] as const;
  });
  return { ...Object.fromEntries(known), target: { type: 'string' }, help: { type: 'boolean', short: 'h' } };
}
