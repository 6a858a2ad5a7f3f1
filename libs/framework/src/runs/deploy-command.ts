import type { TargetRequest } from '../targets/target-definition.ts';

/** The options that say where a target is, as they are typed: ` --host=db --database=shop`. Holds no secret: none was taken. */
export function placeArguments({ name: _, ...place }: TargetRequest): string {
  return Object.entries(place)
    .filter(([, value]) => value !== undefined)
    .map(([option, value]) => ` --${option}=${shellWord(String(value))}`)
    .join('');
}

/** A word as a POSIX shell takes it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
