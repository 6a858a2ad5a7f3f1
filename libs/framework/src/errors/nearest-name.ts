import { closest, distance } from 'fastest-levenshtein';

/** The known name that the user probably meant, or undefined when nothing is close. */
export function nearestName(wanted: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(wanted.toLowerCase(), [...known]);
  return distance(wanted.toLowerCase(), candidate.toLowerCase()) <= Math.max(2, wanted.length / 3)
    ? candidate
    : undefined;
}

/** `Did you mean "production"? Known: a, b, c.` for the hint of an error about a name. */
export function suggestName(wanted: string, known: readonly string[]): string {
  const nearest = nearestName(wanted, known);
  return `${nearest ? `Did you mean "${nearest}"? ` : ''}Known: ${known.join(', ')}.`;
}
