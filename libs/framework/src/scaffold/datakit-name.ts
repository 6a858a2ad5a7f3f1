import { DatakitError } from '../errors/datakit-error.ts';
import { layers, type Layer } from '../model/datakit.ts';

/**
 * Checks the name of a new datakit and finds its layer.
 *
 * @param layer the layer that was asked for; absent: the one that the name begins with
 * @returns the layer, and the rest of the name, which says what the datakit is about: `bronze-shop` → `shop`
 * @throws OPTION_INVALID with the rule for a name that cannot be used, or where nothing tells the layer
 */
export function checkDatakitName(name: string, layer?: string): { layer: Layer; subject: string } {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw invalid(
      `A datakit cannot be named "${name}".`,
      'Use lower-case letters and digits, words joined by single hyphens, a letter first: bronze-orders.',
    );
  }
  if (layer !== undefined && !(layers as readonly string[]).includes(layer)) {
    throw invalid(`There is no layer "${layer}".`, `Use one of: ${layers.join(', ')}.`);
  }
  const prefix = layers.find((each) => name.startsWith(`${each}-`));
  const found = (layer as Layer | undefined) ?? prefix;
  if (found === undefined) {
    throw invalid(
      `Nothing tells the layer of "${name}".`,
      'Add --layer=bronze, silver or gold, or begin the name with it.',
    );
  }
  return { layer: found, subject: prefix === undefined ? name : name.slice(prefix.length + 1) };
}

function invalid(message: string, hint: string): DatakitError {
  return new DatakitError({ code: 'OPTION_INVALID', message, hint });
}
