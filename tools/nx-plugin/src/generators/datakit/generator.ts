import { installPackagesTask, type GeneratorCallback, type Tree } from '@nx/devkit';
import { checkDatakitName } from '@datakit/framework/scaffold';
import { tell } from '../tell.ts';
import { withoutStackTrace } from '../../without-stack.ts';
import { placeDatakit } from '../place-datakit.ts';
import { blankDatakit } from './blank-datakit.ts';
import { datakitFromSource } from './datakit-from-source.ts';
import type { DatakitGeneratorOptions } from './options.ts';

/**
 * Creates a datakit, blank or from a live source. A blank one that is there already is not touched; one from a source is
 * brought up to what the source is now.
 *
 * @throws OPTION_INVALID for a name that cannot be used, or one that something else has
 */
export default function datakitGenerator(
  tree: Tree,
  options: DatakitGeneratorOptions,
): Promise<GeneratorCallback | undefined> {
  return withoutStackTrace(async () => {
    const { layer, subject } = checkDatakitName(options.name, options.layer);
    const place = placeDatakit(tree, { name: options.name, layer, directory: options.directory });
    const request = { name: options.name, layer, subject, root: place.root };
    if (options.from !== undefined)
      await datakitFromSource(tree, { ...request, ...place }, { ...options, from: options.from });
    else if (place.isThere) tell(`${options.name} is in ${place.root} already; nothing to do.`);
    else await blankDatakit(tree, request);
    const isNew = !place.isThere && options.skipInstall !== true;
    return isNew ? () => installPackagesTask(tree, true) : undefined;
  });
}
