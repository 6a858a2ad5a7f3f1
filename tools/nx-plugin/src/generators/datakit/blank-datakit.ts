import type { Tree } from '@nx/devkit';
import { printEntity, printEntry, sampleEntity } from '@datakit/framework/scaffold';
import { projectFiles, type ProjectFacts } from '../project-files.ts';
import { writeFiles } from '../write-files.ts';

/** Writes a datakit with one entity to begin with. */
export async function blankDatakit(tree: Tree, facts: ProjectFacts): Promise<void> {
  const { name, layer, subject, root } = facts;
  const entity = sampleEntity(subject.replaceAll('-', '_'), layer);
  await writeFiles(tree, {
    ...projectFiles(tree, facts),
    [`${root}/src/index.ts`]: printEntry({ name, layer, summary: summaries[layer](subject), entities: [entity] }),
    [`${root}/src/${entity.fileName}.ts`]: printEntity(entity),
  });
}

const summaries = {
  bronze: (subject: string) => `The tables of ${subject} as their source has them.`,
  silver: (subject: string) => `The tables of ${subject}, cleaned and typed.`,
  gold: (subject: string) => `The tables of ${subject} for consumers.`,
};
