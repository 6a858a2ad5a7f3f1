import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import { predefinedTargets } from './predefined-targets.ts';
import type { TargetDefinition, TargetRequest } from './target-definition.ts';

/** The names that can be asked for: the predefined ones, then the workspace's own. */
export function targetNames(configured: Readonly<Record<string, TargetDefinition>> = {}): string[] {
  return [...new Set([...Object.keys(predefinedTargets), ...Object.keys(configured)])];
}

/**
 * Refuses a request that names no target or two.
 *
 * @throws TARGET_UNKNOWN for a name that is not in the list, with the nearest one
 * @throws OPTION_INVALID when a name and a place are both given, or a place has no engine
 */
export function checkTargetRequest(
  request: TargetRequest,
  configured: Readonly<Record<string, TargetDefinition>> = {},
): void {
  const { name, url, targetType, ...place } = request;
  const given = Object.entries(place).flatMap(([option, value]) => (value === undefined ? [] : [`--${option}`]));
  if (name !== undefined && !targetNames(configured).includes(name)) {
    throw new DatakitError({
      code: 'TARGET_UNKNOWN',
      message: `There is no database target "${name}".`,
      hint: suggestName(name, targetNames(configured)),
      details: { target: name },
    });
  }
  const ways = [
    name === undefined ? [] : [`the target "${name}"`],
    url === undefined ? [] : ['--url'],
    targetType === undefined && given.length === 0
      ? []
      : [[...(targetType ? ['--targetType'] : []), ...given].join(', ')],
  ].flat();
  if (ways.length > 1) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `Two targets at once: ${ways.join(' and ')}.`,
      hint: 'Name one target, or give one URL, or give --targetType with host, port, database and user.',
    });
  }
  if (given.length > 0 && targetType === undefined) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `${given.join(', ')} ${given.length > 1 ? 'need' : 'needs'} --targetType.`,
      hint: 'Add --targetType=postgres, mysql, mariadb or sqlite.',
    });
  }
}
