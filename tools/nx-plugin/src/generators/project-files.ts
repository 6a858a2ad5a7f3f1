import { getProjects, offsetFromRoot, readJson, type Tree } from '@nx/devkit';
import type { Layer } from '@datakit/framework/scaffold';
import { readmeText } from './readme-text.ts';
import { findTestRunner, testCommand, testText } from './test-text.ts';
import type { Files } from './write-files.ts';

/** What the files of a project say. */
export interface ProjectFacts {
  readonly name: string;
  readonly layer: Layer;
  /** What the datakit is about, as in its name. */
  readonly subject: string;
  readonly root: string;
  /** The variable that holds the URL of its source. */
  readonly urlVariable?: string;
  /** Columns whose types were guessed, with their types: `order.total numeric(38,2)`. */
  readonly guessed?: readonly string[];
  /** Packages that its code imports beside the framework and the ORM. */
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** All of a datakit's files but its entities and its entry. */
export function projectFiles(tree: Tree, facts: ProjectFacts): Files {
  const { name, layer, root } = facts;
  return {
    [`${root}/datakit.json`]: json({ kind: 'datakit', layer, entry: 'src/index.ts' }),
    [`${root}/package.json`]: json({
      name: packageName(tree, name),
      version: '0.0.0',
      private: true,
      type: 'module',
      exports: { '.': './src/index.ts' },
      dependencies: {
        '@datakit/framework': frameworkVersion(tree, root),
        '@mikro-orm/core': '7.2.1',
        ...facts.dependencies,
      },
    }),
    ...checkedProject(tree, name, root),
    [`${root}/README.md`]: readmeText(facts),
    [`${root}/src/deploy.spec.ts`]: testText(findTestRunner(tree)),
  };
}

/** The files by which a project is linted, type-checked and tested, as the workspace does it. */
export function checkedProject(tree: Tree, name: string, root: string): Files {
  const runner = findTestRunner(tree);
  const defaults = tree.exists('nx.json')
    ? readJson<{ targetDefaults?: Record<string, { command?: string; executor?: string }> }>(tree, 'nx.json')
        .targetDefaults
    : undefined;
  const isGiven = (target: string): boolean =>
    !Array.isArray(defaults) && (defaults?.[target]?.command ?? defaults?.[target]?.executor) !== undefined;
  const targets = {
    ...(isGiven('lint') ? { lint: {} } : {}),
    typecheck: isGiven('typecheck') ? {} : { command: `tsc --noEmit -p ${root}/tsconfig.json` },
    test: isGiven('test') ? {} : { command: testCommand(runner, root) },
  };
  return {
    [`${root}/project.json`]: json({
      name,
      $schema: `${offsetFromRoot(root)}node_modules/nx/schemas/project-schema.json`,
      targets,
    }),
    [`${root}/tsconfig.json`]: tsconfigText(tree, root),
  };
}

/** In the scope of the datakits that are there, else in that of the workspace. */
export function packageName(tree: Tree, name: string): string {
  const packages = [...getProjects(tree).values()]
    .filter(({ root }) => tree.exists(`${root}/datakit.json`) && tree.exists(`${root}/package.json`))
    .map(({ root }) => `${root}/package.json`);
  const scopes = [...packages, 'package.json'].flatMap((path) => {
    const named = tree.exists(path) ? readJson<{ name?: string }>(tree, path).name : undefined;
    return /^(@[^/]+)\//.exec(named ?? '')?.[1] ?? [];
  });
  return scopes[0] === undefined ? name : `${scopes[0]}/${name}`;
}

/** How a package of the workspace is asked for by another one. */
export function localVersion(tree: Tree): string {
  return ['pnpm-workspace.yaml', 'pnpm-lock.yaml'].some((path) => tree.exists(path)) ? 'workspace:*' : '*';
}

/** As the workspace names it; a package of the workspace itself is `*`. */
export function frameworkVersion(tree: Tree, root: string): string {
  const { dependencies, devDependencies } = readJson<{
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  }>(tree, 'package.json');
  const version = dependencies?.['@datakit/framework'] ?? devDependencies?.['@datakit/framework'] ?? localVersion(tree);
  // The path of a packed file is relative to the manifest that names it.
  return version.replace(/^file:(?!\/)/, `file:${offsetFromRoot(root)}`);
}

/** Sources run as they are, with types stripped by Node, and the compiler only checks them. */
function tsconfigText(tree: Tree, root: string): string {
  const base = ['tsconfig.base.json', 'tsconfig.json'].find((path) => tree.exists(path));
  const strips = base !== undefined && /"allowImportingTsExtensions"\s*:\s*true/.test(tree.read(base, 'utf8') ?? '');
  return json({
    ...(strips ? { extends: `${offsetFromRoot(root)}${base}` } : { compilerOptions }),
    include: ['**/*.ts'],
    exclude: ['node_modules', 'dist'],
  });
}

const compilerOptions = {
  target: 'es2024',
  lib: ['es2024', 'esnext.disposable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  strict: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
};

export function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
