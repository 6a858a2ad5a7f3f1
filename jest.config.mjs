/** One configuration for all projects: native ES modules, types stripped by Node itself. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tools/jest/strip-types.mjs' },
  // Servers and child processes are real: a start on a busy two-core machine takes seconds.
  testTimeout: 120_000,
  maxWorkers: 2,
};
