import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import { holdsPassword } from '../settings/secret-in-url.ts';
import {
  operationOptions,
  optionsOf,
  type Operation,
  type OperationOptions,
  type OptionDefinition,
} from './operation-options.ts';

const secretName = /pass(word|wd|phrase)?$|secret|token/i;

/**
 * Checks what the user typed for one or several operations that run together.
 * An option is known when at least one of the operations has it.
 *
 * @param typed names as typed (`reportFile` or `report-file`) with text, number, boolean or list values
 * @throws OPTION_UNKNOWN for a name that no operation has, with the nearest one
 * @throws OPTION_INVALID for a value of the wrong type or outside the allowed values
 * @throws SECRET_IN_ARGS for a password in an option or URL; the message does not repeat it
 */
export function checkOptions(
  forOperations: readonly Operation[],
  typed: Readonly<Record<string, unknown>>,
): OperationOptions {
  const known = new Map(forOperations.flatMap((operation) => optionsOf(operation)));
  const checked: Record<string, unknown> = {};
  for (const [typedName, value] of Object.entries(typed)) {
    const name = typedName.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    refuseSecrets(name, value);
    const definition = known.get(name as keyof typeof operationOptions);
    if (!definition) throw unknownOption(name, forOperations, [...known.keys()]);
    checked[name] = checkValue(name, definition, value);
  }
  return checked as OperationOptions;
}

function refuseSecrets(name: string, value: unknown): void {
  const inUrl = typeof value === 'string' && holdsPassword(value);
  if (!inUrl && !secretName.test(name)) return;
  throw new DatakitError({
    code: 'SECRET_IN_ARGS',
    message: `--${name} ${inUrl ? 'holds a password' : 'would put a secret on the command line'}, where every user of this machine can read it.`,
    hint: 'Leave the password out and set PGPASSWORD, or put the whole URL into the environment or .env (DATAKIT_<TARGET>_URL for a target, the variable that the datakit names for a source).',
    details: { option: name },
  });
}

function unknownOption(name: string, forOperations: readonly Operation[], known: readonly string[]): DatakitError {
  const elsewhere = Object.hasOwn(operationOptions, name)
    ? ` It belongs to ${(operationOptions as Record<string, OptionDefinition>)[name]?.operations.join(', ')}.`
    : '';
  return new DatakitError({
    code: 'OPTION_UNKNOWN',
    message: `${forOperations.join(', ')} has no option --${name}.${elsewhere}`,
    hint: suggestName(name, known),
    details: { option: name },
  });
}

function checkValue(name: string, definition: OptionDefinition, value: unknown): unknown {
  switch (definition.type) {
    case 'boolean':
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw invalidOption(name, 'true or false');
    case 'integer':
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      const fits =
        typeof number === 'number' &&
        Number.isFinite(number) &&
        (definition.type === 'number' || Number.isInteger(number)) &&
        number >= (definition.minimum ?? -Infinity);
      if (!fits) {
        const kind = definition.type === 'integer' ? 'a whole number' : 'a number';
        throw invalidOption(
          name,
          definition.minimum === undefined ? kind : `${kind} of at least ${definition.minimum}`,
        );
      }
      return number;
    }
    case 'list': {
      const items = (Array.isArray(value) ? value : [value]).flatMap((item) => String(item).split(','));
      const trimmed = items.map((item) => item.trim()).filter((item) => item !== '');
      if (value === true || trimmed.length === 0) throw invalidOption(name, 'a list: a,b,c');
      for (const item of trimmed) checkAllowed(name, definition, item);
      return [...new Set(trimmed)];
    }
    case 'string': {
      if (typeof value === 'number') return String(value);
      if (typeof value !== 'string' || value === '') throw invalidOption(name, 'a text');
      checkAllowed(name, definition, value);
      if (definition.pattern !== undefined && !new RegExp(definition.pattern).test(value)) {
        throw invalidOption(name, definition.patternMeans ?? `a text that matches ${definition.pattern}`);
      }
      return value;
    }
  }
}

function checkAllowed(name: string, definition: OptionDefinition, item: string): void {
  if (definition.values && !definition.values.includes(item)) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `--${name} cannot be "${item}".`,
      hint: suggestName(item, definition.values),
      details: { option: name },
    });
  }
}

function invalidOption(name: string, wanted: string): DatakitError {
  return new DatakitError({
    code: 'OPTION_INVALID',
    message: `--${name} needs ${wanted}.`,
    details: { option: name },
  });
}
