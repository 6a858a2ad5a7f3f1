// Plain CommonJS on purpose: it has to run on the very Node that is too old for everything else.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18) || !process.features.typescript) {
  // Nx puts "- @datakit/nx/plugin:" in front; the break gives the code a line of its own.
  const error = new Error(
    `\nRUNTIME: datakits need Node 22.18 or newer with type stripping, and this is ${process.versions.node} (${process.execPath}). ` +
      'Run "npm install" and start Nx with "npx nx" or an npm script: both use the Node in node_modules.',
  );
  error.stack = '';
  throw error;
}

// Stripping types takes longer than the rest of a small command, so Node keeps the result beside its packages.
require('node:module').enableCompileCache(require('node:path').join(process.cwd(), 'node_modules/.cache/datakit'));

// By the package's own name, so that the packed package can point it at JavaScript.
module.exports = require('@datakit/nx/plugin-typescript');
