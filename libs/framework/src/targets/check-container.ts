import { containerDefaults } from '../engines/container-defaults.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import type { ContainerDefinition, TargetDefinition } from './target-definition.ts';

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** What each part of a definition must be: it may come from a JSON file that nothing has checked. */
const parts: Readonly<Record<keyof ContainerDefinition, [what: string, is: (value: unknown) => boolean]>> = {
  image: ['the name of an image: "postgres:15.8"', isText],
  command: ['a list of texts', (value) => Array.isArray(value) && value.every((item) => typeof item === 'string')],
  environment: [
    'an object of texts',
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((item) => typeof item === 'string'),
  ],
  port: ['a port', (value) => Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536],
};

/**
 * Checks what a definition says about its container, where it says something.
 * @param what what is defined, for the message
 * @throws OPTION_INVALID
 */
export function checkContainer(what: string, { type, container, ...definition }: TargetDefinition): void {
  if (container === undefined) return;
  if (typeof container !== 'object' || container === null || Array.isArray(container)) {
    throw invalid(`${what}: "container" is no object.`, 'Write { "image": "postgres:15.8" }.');
  }
  for (const [name, value] of Object.entries(container)) {
    const [wanted, is] = parts[name as keyof ContainerDefinition] ?? [];
    if (!is) throw invalid(`${what}: a container has no "${name}".`, suggestName(name, Object.keys(parts)));
    if (!is(value)) throw invalid(`${what}: "${name}" of the container must be ${wanted}.`);
  }
  const others = (['url', 'embedded', 'memory'] as const).filter((name) => definition[name]);
  if (others.length > 0)
    throw invalid(`${what} has both "container" and "${others.join('", "')}".`, 'Use one of them.');
  if (type !== undefined && !(type in containerDefaults)) {
    throw invalid(`${what}: no container can hold "${type}".`, `Use ${Object.keys(containerDefaults).join(', ')}.`);
  }
}

function invalid(message: string, hint?: string): DatakitError {
  return new DatakitError({ code: 'OPTION_INVALID', message, ...(hint === undefined ? {} : { hint }) });
}
