import type { Tree } from '@nx/devkit';
import {
  describeSource,
  draftEntities,
  draftSource,
  printEntity,
  printEntry,
  type SourceQuestion,
} from '@datakit/framework/scaffold';
import { DatakitError } from '@datakit/framework/options';
import { projectFiles, type ProjectFacts } from '../project-files.ts';
import { variableOf } from '../readme-text.ts';
import { formatText, writeFiles, type Files } from '../write-files.ts';

/** What is asked of a source. */
export type SourceOptions = Omit<SourceQuestion, 'system' | 'workspaceRoot'> & { readonly urlVariable?: string };

/** Writes a bronze datakit whose entities are the tables of a live source. */
export async function datakitFromSource(tree: Tree, facts: ProjectFacts, options: SourceOptions): Promise<void> {
  const { name, layer, subject, root } = facts;
  if (layer !== 'bronze') {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `--from writes bronze datakits, and "${name}" is of layer ${layer}.`,
      hint: 'Only bronze reads from a source; silver and gold read from the layer below.',
    });
  }
  const urlVariable = options.urlVariable ?? /^\$\{(\w+)\}$/.exec(options.from)?.[1] ?? variableOf(subject);
  const source = await describeSource({ ...options, system: subject, workspaceRoot: tree.root });
  const entities = draftEntities(source.tables);
  const entry = printEntry({
    name,
    layer,
    summary: `The tables of ${subject} as their source has them.`,
    source: draftSource(source.kind, subject, urlVariable, source.schema),
    entities,
  });
  const files = {
    ...projectFiles(tree, { ...facts, urlVariable }),
    [`${root}/src/index.ts`]: entry,
    ...Object.fromEntries(entities.map((entity) => [`${root}/src/${entity.fileName}.ts`, printEntity(entity)])),
  };
  await refuseOtherFiles(tree, files);
  await writeFiles(tree, files);
  for (const line of source.leftOut) console.log(line);
  console.log(`An ingest reads from where ${urlVariable} points to: set it in the environment or in .env.`);
}

/** What is there may be somebody's work. */
async function refuseOtherFiles(tree: Tree, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    if (!tree.exists(path) || tree.read(path, 'utf8') === (await formatText(tree.root, path, text))) continue;
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `${path} is there and says something else than the source.`,
      hint: 'Generate under another name and compare, or remove the file first.',
    });
  }
}
