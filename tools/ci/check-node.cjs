// Plain CommonJS on purpose: it has to run on the very Node that is too old for everything else.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 9)) {
  console.error(
    `RUNTIME: this workspace needs Node 24.9 or newer and runs on ${process.versions.node}. ` +
      'Run "npm install" first: it puts a Node 24 into node_modules that npm and npx then use.',
  );
  process.exit(1);
}
