#!/usr/bin/env node
// Plain JavaScript that imports nothing of ours above the check: it has to run on a Node that is too old for the rest.
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { join } from 'node:path';

const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18) || !process.features.typescript) {
  console.error(
    `RUNTIME: datakits need Node 22.18 or newer with type stripping, and this is ${process.versions.node} (${process.execPath}). ` +
      'In a workspace "npm install" brings one, and "npx datakit" uses it.',
  );
  process.exitCode = 1;
} else {
  // Stripping types takes longer than the rest of a small command, so Node keeps the result beside its packages.
  const packages = join(process.cwd(), 'node_modules');
  if (existsSync(packages)) module.enableCompileCache(join(packages, '.cache', 'datakit'));
  import('../src/cli/main.ts').then(({ main }) => main(process.argv.slice(2)));
}
