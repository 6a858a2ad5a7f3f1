import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { DatakitError } from '../errors/datakit-error.ts';

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of a run: the process's own variables, then the workspace's `.env` files, the more special first:
 * `.env.<target>.local`, `.env.<target>`, `.env.local`, `.env`.
 */
export function readEnvironment(workspaceRoot: string, targetName?: string): Environment {
  const files = ['.env', '.env.local', ...(targetName ? [`.env.${targetName}`, `.env.${targetName}.local`] : [])];
  const fromFiles = files
    .map((file) => join(workspaceRoot, file))
    .filter((file) => existsSync(file))
    .map((file) => parseEnv(readFileSync(file, 'utf8')));
  return Object.assign({}, ...fromFiles, process.env) as Environment;
}

/**
 * Reads one variable; where it is not set but `<NAME>_FILE` is, the text of that file, as container platforms mount secrets.
 * @returns undefined where neither is set
 */
export function readVariable(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  const file = environment[`${name}_FILE`];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (cause) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `${name}_FILE names a file that cannot be read.`,
      hint: 'Mount the secret there, or set the variable itself.',
      cause,
    });
  }
}

/** Names of the variables in a text: `${PAGILA_URL}` → `PAGILA_URL`. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)].map((match) => match[1] as string);
}

/**
 * Puts values in place of `${NAME}`.
 * @throws OPTION_INVALID naming the variables that are not set
 */
export function fillVariables(text: string, environment: Environment, what: string): string {
  const missing = variablesIn(text).filter((name) => readVariable(environment, name) === undefined);
  if (missing.length > 0) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `${what} needs ${missing.join(', ')}, which ${missing.length > 1 ? 'are' : 'is'} not set.`,
      hint: 'Set it in the environment or in the .env file of the workspace.',
      details: { variables: missing },
    });
  }
  return text.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => readVariable(environment, name) ?? '');
}
