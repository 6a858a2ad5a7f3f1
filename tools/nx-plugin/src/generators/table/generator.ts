import type { Tree } from '@nx/devkit';
import { DatakitError } from '@datakit/framework/options';
import {
  draftColumns,
  entityFileName,
  printEntity,
  printTable,
  sampleEntity,
  type EntityDraft,
} from '@datakit/framework/scaffold';
import { withoutStackTrace } from '../../without-stack.ts';
import { findDatakit } from '../find-datakit.ts';
import { addTable } from '../merge/add-table.ts';
import { loadTypeScript } from '../merge/merge-files.ts';
import { tell } from '../tell.ts';
import { writeFiles } from '../write-files.ts';

/** What `nx g @datakit/nx:table` takes. */
export interface TableGeneratorOptions {
  readonly name: string;
  readonly datakit: string;
  readonly columns?: string;
}

/**
 * Adds a table to a datakit: an entity in a file of its own, and its line in the entry. One that is there is not touched.
 *
 * @throws OPTION_INVALID for a name or columns that cannot be used
 * @throws DATAKIT_UNKNOWN
 */
export default function tableGenerator(tree: Tree, { name, datakit, columns }: TableGeneratorOptions): Promise<void> {
  return withoutStackTrace(async () => {
    if (!/^[A-Za-z_]\w*$/.test(name) || name.length > 63) {
      throw new DatakitError({
        code: 'OPTION_INVALID',
        message: `A table cannot be named "${name}".`,
        hint: 'Use letters, digits and underscores, a letter first, at most 63: order_line.',
      });
    }
    const { root, layer } = findDatakit(tree, datakit);
    const sample = sampleEntity(name, layer);
    const entity: EntityDraft = columns === undefined ? sample : { ...sample, properties: draftColumns(columns) };
    const [path, entry] = [`${root}/src/${entityFileName(name)}.ts`, `${root}/src/index.ts`];
    if (tree.exists(path)) {
      tell(`${path} is there already; nothing to do.`);
      return;
    }
    const { className, fileName } = entity;
    const listed = { className, fileName, imported: [className], code: printTable(entity), framework: [] };
    const text = addTable(tree.read(entry, 'utf8') ?? '', listed, await loadTypeScript(tree.root));
    await writeFiles(tree, { [path]: printEntity(entity), [entry]: text });
  });
}
