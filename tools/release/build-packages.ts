import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { compile } from './compile.ts';
import { packedManifest, type Manifest } from './packed-manifest.ts';

const repository = join(import.meta.dirname, '..', '..');
const framework = join(repository, 'libs', 'framework');
const plugin = join(repository, 'tools', 'nx-plugin');

/** The folders of the packed packages, ready for `npm pack`. */
export interface BuiltPackages {
  readonly framework: string;
  readonly nx: string;
}

/** Builds both packages below a folder, which is emptied. */
export function buildPackages(folder: string): BuiltPackages {
  rmSync(folder, { recursive: true, force: true });
  const built = { framework: join(folder, 'framework'), nx: join(folder, 'nx') };
  buildFramework(built.framework);
  buildPlugin(built.nx, built.framework);
  return built;
}

function buildFramework(folder: string): void {
  const manifest = readManifest(framework);
  const entries = Object.values(manifest.exports).filter((path) => path.endsWith('.ts'));
  compile({
    project: framework,
    // What is only ever started as a program has no import that leads to it.
    entries: [...entries, 'src/cli/main.ts', 'src/servers/keeper/keeper-program.ts'],
    sources: 'src',
    outFolder: join(folder, 'dist'),
  });
  copy(framework, folder, ['report.schema.json', 'README.md']);
  const program = readFileSync(join(framework, 'bin', 'datakit.js'), 'utf8');
  write(join(folder, 'bin', 'datakit.js'), program.replace('../src/cli/main.ts', '../dist/cli/main.js'));
  finish(folder, manifest, ['bin', 'dist', 'report.schema.json']);
}

function buildPlugin(folder: string, builtFramework: string): void {
  const manifest = readManifest(plugin);
  const implementations = ['executors', 'generators'].flatMap((kind) => implementationsOf(`${kind}.json`, kind));
  const { exports } = JSON.parse(readFileSync(join(builtFramework, 'package.json'), 'utf8')) as {
    exports: Record<string, { types?: string }>;
  };
  compile({
    project: plugin,
    entries: ['src/plugin.ts', ...implementations, ...migrations()],
    sources: 'src',
    outFolder: join(folder, 'dist'),
    paths: Object.fromEntries(
      Object.entries(exports).flatMap(([name, { types }]) =>
        types === undefined ? [] : [[`@datakit/framework${name.slice(1)}`, join(builtFramework, types)]],
      ),
    ),
  });
  for (const path of readdirSync(join(plugin, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('schema.json') || path.endsWith('.md')) copy(join(plugin, 'src'), join(folder, 'dist'), [path]);
  }
  for (const name of ['executors.json', 'generators.json', 'migrations.json']) {
    const text = readFileSync(join(plugin, name), 'utf8');
    write(join(folder, name), text.replaceAll('"./src/', '"./dist/').replaceAll(/\.ts(#\w+)?"/g, '.js$1"'));
  }
  copy(plugin, folder, ['plugin.cjs', 'README.md']);
  write(join(folder, 'plugin.d.cts'), pluginDeclaration);
  finish(folder, withPluginTypes(manifest), [
    'dist',
    'executors.json',
    'generators.json',
    'migrations.json',
    'plugin.cjs',
    'plugin.d.cts',
  ]);
}

/** The entry is CommonJS and hands on what the module of the plugin exports. */
const pluginDeclaration = `declare const plugin: {
  readonly name: string;
  readonly createNodes: readonly [string, (...given: never[]) => unknown];
  readonly preTasksExecution: (...given: never[]) => Promise<void> | void;
  readonly postTasksExecution: (...given: never[]) => Promise<void> | void;
};
export = plugin;
`;

function withPluginTypes(manifest: Manifest): Manifest {
  const exports = { ...manifest.exports, './plugin': { types: './plugin.d.cts', default: './plugin.cjs' } };
  return { ...manifest, exports: exports as unknown as Manifest['exports'] };
}

function implementationsOf(file: string, kind: string): string[] {
  const content = JSON.parse(readFileSync(join(plugin, file), 'utf8')) as Record<
    string,
    Record<string, { implementation: string }>
  >;
  return Object.values(content[kind] ?? {}).map(({ implementation }) => implementation);
}

function migrations(): string[] {
  return implementationsOf('migrations.json', 'generators');
}

function finish(folder: string, manifest: Manifest, files: readonly string[]): void {
  write(join(folder, 'package.json'), `${JSON.stringify(packedManifest(manifest, files), null, 2)}\n`);
  copy(repository, folder, ['LICENSE']);
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function copy(from: string, to: string, paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(from, path), join(to, path));
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

if (import.meta.main) {
  const { framework: first, nx: second } = buildPackages(join(repository, 'dist', 'packages'));
  for (const folder of [first, second]) console.log(`Built ${relative(repository, folder)}.`);
}
