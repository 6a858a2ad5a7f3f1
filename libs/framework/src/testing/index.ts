/** For the tests of datakits and of the framework itself: rows, disposable targets, real servers, visible skips. */
export { given, type GivenRows, type TestRow } from './given-rows.ts';
export type { ReadRow } from './read-rows.ts';
export { runTransform, type TransformResult } from './run-transform.ts';
export { makeRows, makeScenario, type MakeOptions, type ScenarioOptions } from './scenario.ts';
export { deployTestTarget, type QuarantinedRow, type TestTarget } from './test-target.ts';
export { containersOf, startContainer, type TestContainer } from './test-containers.ts';
export { describeWith, type Requirement } from './requirements.ts';
export { machineMysql, type MachineMysql } from './machine-mysql.ts';
export { outputOf, runProgram, type ProgramResult } from './run-program.ts';
export { TestCertificates } from './test-certificates.ts';
export { startKerberos, type TestKerberos } from './test-kerberos.ts';
export { startMariaDB, type TestMariaDB } from './test-mariadb.ts';
export { startPostgres } from './test-servers.ts';
export type { TestPostgres } from './test-postgres.ts';
