// Plain CommonJS without new syntax: it also has to report that the install of a newer Node failed.
const { readFileSync } = require('node:fs');

const [resultsFile, ...failedSteps] = process.argv.slice(2);
let passed = 0;
let skipped = 0;
// A step other than the tests counts as one test, so that the line never says "0 failed" about a failed run.
let failed = failedSteps.filter((name) => name !== 'npm test').length;
try {
  const results = JSON.parse(readFileSync(resultsFile, 'utf8'));
  passed = results.numPassedTests;
  skipped = results.numPendingTests + results.numTodoTests;
  failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
  if (!results.success && failed === 0) failed = 1;
} catch {
  console.error('The tests left no results.');
  failed += 1;
}
if (failedSteps.includes('npm test') && failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
