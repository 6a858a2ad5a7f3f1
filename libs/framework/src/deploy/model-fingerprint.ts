import { fingerprint } from '../structure/fingerprint.ts';
import { allStructures, type ExpectedTable } from '../structure/expected-tables.ts';

/** What a datakit declares, as one short text: equal for equal declarations. */
export function modelFingerprint(expected: readonly ExpectedTable[]): string {
  return fingerprint(allStructures(expected));
}
