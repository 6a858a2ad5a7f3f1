import { installPackagesTask, type GeneratorCallback, type Tree } from '@nx/devkit';
import { checkDatakitName, printEntity, printEntry, sampleEntity } from '@datakit/framework/scaffold';
import { placeDatakit } from '../place-datakit.ts';
import { writeFiles } from '../write-files.ts';
import { projectFiles } from '../project-files.ts';
import { withoutStackTrace } from '../../without-stack.ts';

/** What `nx g @datakit/nx:datakit` takes. */
export interface DatakitGeneratorOptions {
  readonly name: string;
  readonly layer?: string;
  readonly directory?: string;
  readonly skipInstall?: boolean;
}

/**
 * Creates a datakit. Where it is there already, nothing changes.
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
    if (place.isThere) {
      console.log(`${options.name} is in ${place.root} already; nothing to do.`);
      return undefined;
    }
    const entity = sampleEntity(subject.replaceAll('-', '_'), layer);
    const entry = { name: options.name, layer, summary: `${layerSummaries[layer]} of ${subject}.`, entities: [entity] };
    await writeFiles(tree, {
      ...projectFiles(tree, { name: options.name, layer, subject, ...place }),
      [`${place.root}/src/index.ts`]: printEntry(entry),
      [`${place.root}/src/${entity.fileName}.ts`]: printEntity(entity),
    });
    return options.skipInstall ? undefined : () => installPackagesTask(tree, true);
  });
}

const layerSummaries = {
  bronze: 'The tables as the source has them,',
  silver: 'The cleaned and typed tables',
  gold: 'The tables for consumers',
} as const;
