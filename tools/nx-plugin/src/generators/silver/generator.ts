import { join } from 'node:path';
import { installPackagesTask, type GeneratorCallback, type Tree } from '@nx/devkit';
import { DatakitError } from '@datakit/framework/options';
import {
  checkDatakitName,
  discoverDatakit,
  draftSilver,
  printEntry,
  printSilver,
  printTable,
  type SilverDraft,
} from '@datakit/framework/scaffold';
import { withoutStackTrace } from '../../without-stack.ts';
import { findDatakit, type KnownDatakit } from '../find-datakit.ts';
import { addTable } from '../merge/add-table.ts';
import { loadTypeScript } from '../merge/merge-files.ts';
import { placeDatakit } from '../place-datakit.ts';
import { localVersion, projectFiles } from '../project-files.ts';
import { tell } from '../tell.ts';
import { writeFiles, type Files } from '../write-files.ts';

/** What `nx g @datakit/nx:silver` takes. */
export interface SilverGeneratorOptions {
  readonly name: string;
  readonly from: string;
  readonly tables?: readonly string[];
  readonly directory?: string;
  readonly skipInstall?: boolean;
}

/**
 * Creates a silver datakit over a bronze one: a table for each of its tables, with a query to go on from. In one that is
 * there, tables that are new in bronze are added, and nothing else is touched.
 *
 * @throws OPTION_INVALID for a name that cannot be used, or a datakit that is not bronze
 * @throws DATAKIT_UNKNOWN, DATAKIT_INVALID for the bronze datakit
 */
export default function silverGenerator(
  tree: Tree,
  options: SilverGeneratorOptions,
): Promise<GeneratorCallback | undefined> {
  return withoutStackTrace(async () => {
    const { layer, subject } = checkDatakitName(options.name, 'silver');
    const bronze = findDatakit(tree, options.from);
    if (bronze.layer !== 'bronze') {
      throw invalid(`"${options.from}" is of layer ${bronze.layer}.`, 'Give a bronze datakit with --from.');
    }
    const { root, isThere } = placeDatakit(tree, { name: options.name, layer, directory: options.directory });
    const drafts = chosen(draftSilver(await discoverDatakit(join(tree.root, bronze.root))), options.tables);
    if (isThere) await addMissing(tree, root, drafts, bronze);
    else {
      const dependencies = { [bronze.packageName]: localVersion(tree) };
      const summary = `The tables of ${subject}, cleaned and typed.`;
      const entry = printEntry({ name: options.name, layer, summary, entities: drafts });
      await writeFiles(tree, {
        ...projectFiles(tree, { name: options.name, layer, subject, root, dependencies }),
        [`${root}/src/index.ts`]: drafts.reduce(
          (text, { className, buildName, fileName }) =>
            text.replace(
              `import { ${className} } from './${fileName}.ts';`,
              `import { ${className}, ${buildName} } from './${fileName}.ts';`,
            ),
          entry,
        ),
        ...entityFiles(root, drafts, bronze),
      });
    }
    return isThere || options.skipInstall ? undefined : () => installPackagesTask(tree, true);
  });
}

function chosen(drafts: readonly SilverDraft[], tables: readonly string[] | undefined): readonly SilverDraft[] {
  const unknown = tables?.find((name) => !drafts.some(({ tableName }) => tableName === name));
  const known = drafts.map(({ tableName }) => tableName).join(', ');
  if (unknown !== undefined) throw invalid(`There would be no silver table "${unknown}".`, `It has ${known}.`);
  const wanted = drafts.filter(({ tableName }) => tables?.includes(tableName) ?? true);
  if (wanted.length === 0) throw invalid('The bronze datakit has no table to build on.', 'Give it one first.');
  return wanted;
}

function entityFiles(root: string, drafts: readonly SilverDraft[], { packageName }: KnownDatakit): Files {
  return Object.fromEntries(
    drafts.map((draft) => [`${root}/src/${draft.fileName}.ts`, printSilver(draft, packageName)]),
  );
}

async function addMissing(
  tree: Tree,
  root: string,
  drafts: readonly SilverDraft[],
  bronze: KnownDatakit,
): Promise<void> {
  const missing = drafts.filter(({ fileName }) => !tree.exists(`${root}/src/${fileName}.ts`));
  if (missing.length === 0) {
    tell(`${root} has all tables of ${bronze.name} already; nothing to do.`);
    return;
  }
  const ts = await loadTypeScript(tree.root);
  const entry = missing.reduce(
    (text, draft) =>
      addTable(
        text,
        {
          className: draft.className,
          fileName: draft.fileName,
          imported: [draft.className, draft.buildName],
          code: printTable(draft),
          framework: [...draft.imports, 'table'],
        },
        ts,
      ),
    tree.read(`${root}/src/index.ts`, 'utf8') ?? '',
  );
  await writeFiles(tree, { ...entityFiles(root, missing, bronze), [`${root}/src/index.ts`]: entry });
}

function invalid(message: string, hint: string): DatakitError {
  return new DatakitError({ code: 'OPTION_INVALID', message, hint });
}
