/** What of a `package.json` the packing looks at. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** `./src/x.ts` → `./dist/x`. */
function compiled(path: string): string {
  return path.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '');
}

/**
 * The manifest of the packed package: what points at sources in the workspace points at JavaScript with its types, packages of
 * this repository are asked for by their version, and nothing of the development is left.
 */
export function packedManifest(manifest: Manifest, files: readonly string[]): object {
  const { devDependencies: _, scripts: __, private: ___, ...kept } = manifest;
  const exports = Object.entries(manifest.exports).map(([name, path]) => [
    name,
    typeof path === 'string' && path.endsWith('.ts')
      ? { types: `${compiled(path)}.d.ts`, default: `${compiled(path)}.js` }
      : path,
  ]);
  const dependencies = Object.entries(manifest.dependencies ?? {}).map(([name, version]) => [
    name,
    name.startsWith('@datakit/') ? manifest.version : version,
  ]);
  return {
    ...kept,
    exports: Object.fromEntries(exports),
    dependencies: Object.fromEntries(dependencies),
    files,
    publishConfig: { access: 'public', provenance: true },
  };
}
