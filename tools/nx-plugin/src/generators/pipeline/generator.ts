import { getProjects, installPackagesTask, readJson, readNxJson, type GeneratorCallback, type Tree } from '@nx/devkit';
import { DatakitError } from '@datakit/framework/options';
import { withoutStackTrace } from '../../without-stack.ts';
import { findDatakit, knownDatakits, type KnownDatakit } from '../find-datakit.ts';
import { checkedProject, frameworkVersion, json, localVersion, packageName } from '../project-files.ts';
import { findTestRunner } from '../test-text.ts';
import { tell } from '../tell.ts';
import { writeFiles } from '../write-files.ts';
import { pipelineReadme, pipelineTest } from './pipeline-text.ts';

/** What `nx g @datakit/nx:pipeline` takes. */
export interface PipelineGeneratorOptions {
  readonly name: string;
  readonly datakits?: readonly string[];
  readonly directory?: string;
  readonly skipInstall?: boolean;
}

/**
 * Creates a pipeline: a project whose `run` takes all datakits that it depends on, and those below them, through deploy,
 * ingest and validate. In one that is there, datakits are added to its dependencies, and nothing else is touched.
 *
 * @throws OPTION_INVALID for a name that cannot be used, and where there is no datakit
 * @throws DATAKIT_UNKNOWN with the nearest name
 */
export default function pipelineGenerator(
  tree: Tree,
  options: PipelineGeneratorOptions,
): Promise<GeneratorCallback | undefined> {
  return withoutStackTrace(async () => {
    const { name } = options;
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
      throw invalid(`A pipeline cannot be named "${name}".`, 'Use lower-case words joined by hyphens: shop-pipeline.');
    }
    const root = rootOf(tree, options);
    const wanted = options.datakits?.map((each) => findDatakit(tree, each)) ?? ends(tree);
    if (wanted.length === 0) {
      throw invalid('There is no datakit in this workspace.', 'Begin with: nx g @datakit/nx:datakit bronze-orders');
    }
    const version = localVersion(tree);
    const manifest = `${root}/package.json`;
    if (tree.exists(manifest)) {
      const current = readJson<{ dependencies?: Record<string, string> }>(tree, manifest);
      const missing = wanted.filter(({ packageName: each }) => current.dependencies?.[each] === undefined);
      if (options.datakits === undefined || missing.length === 0) {
        tell(`${name} is in ${root} already; nothing to do.`);
        return undefined;
      }
      const dependencies = { ...current.dependencies, ...versions(missing, version) };
      await writeFiles(tree, { [manifest]: json({ ...current, dependencies }) });
    } else {
      const closure = upstreamFirst(tree, wanted);
      const others = closure.filter((each) => !wanted.includes(each));
      await writeFiles(tree, {
        [`${root}/datakit.json`]: json({ kind: 'pipeline', entry: 'src/index.ts' }),
        [manifest]: json({
          name: packageName(tree, name),
          version: '0.0.0',
          private: true,
          type: 'module',
          dependencies: { '@datakit/framework': frameworkVersion(tree, root), ...versions(wanted, version) },
          // Only the test imports them; a run finds them in the project graph.
          ...(others.length === 0 ? {} : { devDependencies: versions(others, version) }),
        }),
        ...checkedProject(tree, name, root),
        [`${root}/README.md`]: pipelineReadme(name, closure),
        [`${root}/src/index.ts`]: entry,
        [`${root}/src/pipeline.spec.ts`]: pipelineTest(findTestRunner(tree), closure),
      });
    }
    return options.skipInstall ? undefined : () => installPackagesTask(tree, true);
  });
}

const entry = `import { definePipeline } from '@datakit/framework';

/** What it runs is what its package.json depends on; results are questions that it answers at its end. */
export default definePipeline({ results: [] });
`;

function rootOf(tree: Tree, { name, directory }: PipelineGeneratorOptions): string {
  const known = getProjects(tree).get(name)?.root;
  const folder = directory?.replaceAll('\\', '/').replaceAll(/^(\.?\/)+|\/+$/g, '');
  const apps =
    readNxJson(tree)?.workspaceLayout?.appsDir ??
    (tree.exists('packages') && !tree.exists('apps') ? 'packages' : 'apps');
  const root = folder ?? known ?? `${apps}/${name}`;
  if (root === '' || root.split('/').includes('..')) {
    throw invalid('--directory is no folder of the workspace.', 'Give it from the root of the workspace.');
  }
  if (known !== undefined && known !== root)
    throw invalid(`There is a project "${name}" in ${known}.`, 'Choose another name.');
  if (!tree.exists(root) || tree.children(root).length === 0) return root;
  const marker = `${root}/datakit.json`;
  if (known === root && tree.exists(marker) && readJson<{ kind?: string }>(tree, marker).kind === 'pipeline')
    return root;
  throw invalid(`The folder ${root} is there already, and is no pipeline.`, 'Choose another name or --directory.');
}

/** Datakits that no other builds on. */
function ends(tree: Tree): KnownDatakit[] {
  const known = [...knownDatakits(tree).values()];
  const used = new Set(known.flatMap(({ dependencies }) => dependencies));
  return known.filter(({ packageName: each }) => !used.has(each)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** These and all that they build on, each after those that it needs. */
function upstreamFirst(tree: Tree, wanted: readonly KnownDatakit[]): KnownDatakit[] {
  const byPackage = new Map([...knownDatakits(tree).values()].map((each) => [each.packageName, each]));
  const found = new Set<KnownDatakit>();
  const seen = new Set<string>();
  const visit = (datakit: KnownDatakit): void => {
    if (seen.has(datakit.packageName)) return;
    seen.add(datakit.packageName);
    for (const name of datakit.dependencies) {
      const dependency = byPackage.get(name);
      if (dependency) visit(dependency);
    }
    found.add(wanted.find(({ name }) => name === datakit.name) ?? datakit);
  };
  for (const each of wanted) visit(each);
  return [...found];
}

function versions(datakits: readonly KnownDatakit[], version: string): Record<string, string> {
  return Object.fromEntries(datakits.map(({ packageName: each }) => [each, version]));
}

function invalid(message: string, hint: string): DatakitError {
  return new DatakitError({ code: 'OPTION_INVALID', message, hint });
}
