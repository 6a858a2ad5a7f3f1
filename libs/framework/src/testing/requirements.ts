import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findPostgresPrograms } from './postgres-programs.ts';
import { containerImages } from './test-containers.ts';

/** What a spec may need beyond npm packages, each with the reason why it cannot run here, or undefined when it can. */
const requirements = {
  postgres: () => (findPostgresPrograms() && isInstalled('psql') ? undefined : 'PostgreSQL with psql is not installed'),
  mariadb: () =>
    existsSync('/usr/sbin/mariadbd') && isInstalled('mariadb') ? undefined : 'MariaDB with its client is not installed',
  mysql: () =>
    process.env['DATAKIT_TEST_MYSQL_URL']
      ? undefined
      : 'DATAKIT_TEST_MYSQL_URL does not name a MySQL server to test with',
  kerberos: () =>
    findPostgresPrograms() &&
    existsSync('/usr/sbin/krb5kdc') &&
    existsSync('/usr/sbin/kadmin.local') &&
    existsSync('/usr/bin/kinit')
      ? undefined
      : 'MIT Kerberos with its KDC and PostgreSQL are not installed',
  docker: () => (hasContainers() ? undefined : 'Docker does not answer, or lacks the images of the container targets'),
  git: () => (isInstalled('git') ? undefined : 'git is not installed'),
  sqlite3: () => (isInstalled('sqlite3') ? undefined : 'sqlite3 is not installed'),
  strace: () => (canTrace() ? undefined : 'strace is not installed or may not trace here'),
  pagila: () => {
    const folder = process.env['DATAKIT_TEST_PAGILA'];
    if (!folder) return 'DATAKIT_TEST_PAGILA does not name the folder of the real Pagila';
    return existsSync(`${folder}/restore`) ? undefined : 'DATAKIT_TEST_PAGILA names a folder without Pagila';
  },
} as const;

/** `describe` of whichever test runner loaded us: importing one would make the framework need it. */
interface TestGlobals {
  readonly describe: { (title: string, tests: () => void): void; skip(title: string, tests: () => void): void };
}

export type Requirement = keyof typeof requirements;

/**
 * A `describe` whose tests need something that not every machine has.
 * Without it they are skipped, with the reason in their title; where `DATAKIT_TEST_REQUIRE` names it
 * (a list such as `postgres,pagila`), as it does in CI, its absence is a failure instead.
 */
export function describeWith(needed: readonly Requirement[], title: string, tests: () => void): void {
  const { describe } = globalThis as unknown as TestGlobals;
  const reasons = needed.flatMap((name) => requirements[name]() ?? []);
  if (reasons.length === 0) return describe(title, tests);
  const required = (process.env['DATAKIT_TEST_REQUIRE'] ?? '').split(',');
  if (needed.some((name) => required.includes(name) && requirements[name]() !== undefined)) {
    throw new Error(`"${title}" must run here (DATAKIT_TEST_REQUIRE): ${reasons.join(', ')}`);
  }
  describe.skip(`${title} [skipped: ${reasons.join(', ')}]`, tests);
}

/** Containers often forbid it. */
function canTrace(): boolean {
  return succeeds('strace', ['-f', '--output=/dev/null', 'true']);
}

function isInstalled(program: string): boolean {
  return succeeds(program, ['--version']);
}

function succeeds(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let containersAnswer: boolean | undefined;

/** Asked once a process: Docker takes its time to say no. */
function hasContainers(): boolean {
  return (containersAnswer ??= containerImages.every((image) => {
    try {
      execFileSync('docker', ['image', 'inspect', image], { stdio: 'ignore', timeout: 20_000 });
      return true;
    } catch {
      return false;
    }
  }));
}
