import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Lab } from './fault-case.ts';
import { Journal } from './journal.ts';
import { ScratchWorkspace } from './scratch-workspace.ts';
import { mariadbKind, postgresKind, ServerTarget } from './server-target.ts';
import { SqliteTarget } from './sqlite-target.ts';

/** What a run of cases is to be like. */
export interface LabOptions {
  /** Names of engines; all that are here when empty. */
  readonly engines: readonly string[];
  /** How many points a sweep tries; undefined for every one. */
  readonly pointsPerSweep: number | undefined;
  /** How many commands run at the same time; 2. */
  readonly atOnce?: number;
  /** Where what came of each point is kept, and read from at the beginning. */
  readonly journal?: string | undefined;
  progress(text: string): void;
}

/** No command may take longer than this: the longest documented bound of a fault is half of it. */
const timeoutMs = 90_000;

/** Starts the servers that this machine has. Disposing of it stops them and removes the workspace. */
export async function openLab(options: LabOptions): Promise<Lab & AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const workspace = opened.use(new ScratchWorkspace());
  const missing: Lab['missing'][number][] = [];
  const isWanted = (name: string): boolean =>
    options.engines.length === 0 || options.engines.some((engine) => engine.toLowerCase() === name.toLowerCase());
  const isHere = (name: string, reason: string | undefined): boolean => {
    if (!isWanted(name)) return false;
    if (reason !== undefined) missing.push({ target: name, reason });
    return reason === undefined;
  };
  let postgres: Lab['postgres'];
  if (isHere('PostgreSQL', isInstalled('psql', '--version') ? undefined : 'PostgreSQL with psql is not installed')) {
    const kind = await postgresKind();
    postgres = { server: kind.server, target: opened.use(new ServerTarget(kind, workspace, timeoutMs)) };
  }
  let mariadb: Lab['mariadb'];
  if (isHere('MariaDB', existsSync('/usr/sbin/mariadbd') ? undefined : 'MariaDB is not installed')) {
    const kind = await mariadbKind();
    mariadb = { server: kind.server, target: opened.use(new ServerTarget(kind, workspace, timeoutMs)) };
  }
  const canTrace = isInstalled('strace', '-f', '--output=/dev/null', 'true');
  const hasSqlite = isInstalled('sqlite3', '--version');
  const noSqlite = !hasSqlite
    ? 'sqlite3 is not installed'
    : !canTrace
      ? 'strace is not installed or may not trace'
      : undefined;
  const sqlite = isHere('SQLite', noSqlite) ? [new SqliteTarget(workspace, timeoutMs)] : [];
  const targets = [...(postgres ? [postgres.target] : []), ...(mariadb ? [mariadb.target] : []), ...sqlite];
  const { pointsPerSweep } = options;
  const owned = opened.move();
  return {
    workspace,
    targets,
    postgres,
    mariadb,
    missing,
    choose: (points) => (pointsPerSweep === undefined ? [...points] : spread(points, pointsPerSweep)),
    atOnce: options.atOnce ?? 2,
    journal: new Journal(options.journal),
    progress: (text) => options.progress(text),
    [Symbol.asyncDispose]: async () => owned.disposeAsync(),
  };
}

/** The first, the last, and as many between them as wanted, at even distances. */
function spread<Point>(points: readonly Point[], wanted: number): Point[] {
  if (points.length <= wanted) return [...points];
  const step = (points.length - 1) / Math.max(1, wanted - 1);
  const indexes = Array.from({ length: wanted }, (_, index) => Math.round(index * step));
  return [...new Set(indexes)].map((index) => points[index] as Point);
}

function isInstalled(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
