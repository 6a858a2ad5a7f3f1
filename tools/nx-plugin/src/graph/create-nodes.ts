import { dirname } from 'node:path/posix';
import { createNodesFromFiles, type CreateNodes } from '@nx/devkit';
import { checkPluginOptions, type DatakitPluginOptions } from '../plugin-options.ts';
import { withoutStack } from '../without-stack.ts';
import { readDatakitFile } from './datakit-file.ts';
import { operationTargets, pipelineTargets } from './operation-targets.ts';

/** Gives every project with a `datakit.json` its targets and the tag of its layer. */
export const createNodes: CreateNodes<DatakitPluginOptions> = [
  '**/datakit.json',
  (files, options, context) => {
    const checked = withoutStack(() => checkPluginOptions(options));
    return createNodesFromFiles(
      (file) => {
        const datakit = withoutStack(() => readDatakitFile(context.workspaceRoot, file));
        const root = dirname(file);
        if (datakit.kind === 'pipeline') {
          return { projects: { [root]: { tags: ['scope:pipeline'], targets: pipelineTargets(root, checked) } } };
        }
        return {
          projects: { [root]: { tags: [`layer:${datakit.layer}`], targets: operationTargets(root, checked) } },
        };
      },
      files,
      options,
      context,
    );
  },
];
