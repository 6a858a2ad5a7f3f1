import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

type Manifest = Readonly<Record<string, unknown>>;
type Versions = Readonly<Record<string, string>>;

/** The manifest with what datakits need; versions that are there stay. */
export function neededPackages(manifest: Manifest): Manifest {
  const dependencies = (manifest['dependencies'] ?? {}) as Versions;
  const devDependencies = (manifest['devDependencies'] ?? {}) as Versions;
  const isThere = (name: string): boolean => name in dependencies || name in devDependencies;
  const missing = (versions: Versions): Versions =>
    Object.fromEntries(Object.entries(versions).filter(([name]) => !isThere(name)));
  const wanted = missing({ '@datakit/framework': ownVersion(), '@mikro-orm/core': '7.2.1' });
  // The compiler checks what runs as it is; its types of Node are those of datakits' tests.
  const wantedToDevelop = missing({ '@datakit/nx': ownVersion(), '@types/node': '^24.0.0', typescript: '^5.9.0' });
  return {
    ...manifest,
    ...(Object.keys(wanted).length === 0 ? {} : { dependencies: { ...dependencies, ...wanted } }),
    ...(Object.keys(wantedToDevelop).length === 0
      ? {}
      : { devDependencies: { ...devDependencies, ...wantedToDevelop } }),
  };
}

/** The framework and its plugin are released together. */
function ownVersion(): string {
  const path = createRequire(import.meta.url).resolve('@datakit/nx/package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
