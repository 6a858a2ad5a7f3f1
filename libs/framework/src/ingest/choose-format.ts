import type { WireFormat } from '../model/wire-format.ts';
import { DatakitError } from '../errors/datakit-error.ts';

/** The fastest format that both ends name; the taker's order decides. */
export function chooseFormat(takes: readonly WireFormat[], offers: readonly WireFormat[]): WireFormat {
  const format = takes.find((each) => offers.includes(each));
  if (format) return format;
  throw new DatakitError({
    code: 'INTERNAL',
    message: `The source offers ${offers.join(', ')}, and the target takes ${takes.join(', ')}.`,
  });
}
