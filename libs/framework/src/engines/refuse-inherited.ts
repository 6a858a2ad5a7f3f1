import { DatakitError } from '../errors/datakit-error.ts';

/** The ORM looks up a property's default by its name, and finds the function that every object has of these names. */
export function refuseInherited(className: string, properties: readonly string[]): void {
  const inherited = properties.find((name) => name in Object.prototype);
  if (inherited === undefined) return;
  throw new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `${className} has a property named "${inherited}", as every object of JavaScript has.`,
    hint: `Give it another name and keep the column: ${inherited.replaceAll('_', '')}_: p.text().fieldName('${inherited}').`,
  });
}
