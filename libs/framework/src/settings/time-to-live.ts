import { DatakitError } from '../errors/datakit-error.ts';

const seconds = { m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** What a time to live looks like, as a pattern for schemas: `90m`, `2h`, `3d`, `1w`, or `never`. */
export const timeToLivePattern = '^(never|[1-9][0-9]{0,4}[mhdw])$';

/**
 * Reads a time to live.
 * @returns seconds; null for `never`
 * @throws OPTION_INVALID
 */
export function parseTimeToLive(text: string, what: string): number | null {
  if (!new RegExp(timeToLivePattern).test(text)) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `${what} is no time to live.`,
      hint: 'Write minutes, hours, days or weeks: 90m, 2h, 3d, 1w; or never.',
    });
  }
  return text === 'never' ? null : Number(text.slice(0, -1)) * seconds[text.slice(-1) as keyof typeof seconds];
}
