import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { serverFailed } from './embedded-failure.ts';

/** The operating system account that the server runs as. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

const harmlessAccounts = ['nobody', 'daemon'];

/** PostgreSQL refuses to run as root; then an account that exists already does it, none is ever created. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * An existing account without rights, for a server that root starts.
 * @throws SERVER_FAILED when the machine has none
 */
export function unprivilegedAccount(): ServerAccount {
  // initdb looks its own account up, so the uid alone would not do: it must have a line here.
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of harmlessAccounts) {
    const account = accounts.find((fields) => fields[0] === name);
    // macOS writes -2 where the kernel says 4294967294.
    if (account) return { uid: Number(account[2]) >>> 0, gid: Number(account[3]) >>> 0 };
  }
  throw serverFailed('root cannot run PostgreSQL, and there is no account "nobody" in /etc/passwd to run it as', {
    hint: 'Run as an ordinary user, or use a PostgreSQL server of your own (target postgres_local).',
  });
}

/** The account that a folder belongs to. */
export function ownerOf(folder: string): ServerAccount {
  const { uid, gid } = statSync(folder);
  return { uid, gid };
}

/** True when `account` may enter `folder`: by the permissions of the folder and of all above it. */
export function mayEnter(folder: string, account: ServerAccount): boolean {
  for (let current = realpathSync(folder); ; current = dirname(current)) {
    const { mode, uid, gid } = statSync(current);
    const enter = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & enter) === 0) return false;
    if (dirname(current) === current) return true;
  }
}
