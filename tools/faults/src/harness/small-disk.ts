import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of a few megabytes in memory, mounted on a folder. */
export class SmallDisk implements Disposable {
  readonly folder: string;

  /** @param owner a file or folder whose account is to own it */
  constructor(folder: string, megabytes: number, owner?: string) {
    mkdirSync(folder, { recursive: true });
    run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'datakit-faults', folder);
    this.folder = folder;
    if (owner !== undefined) run('chown', `--reference=${owner}`, folder);
  }

  /** Leaves so many bytes and no more. */
  fill(freeBytes: number): void {
    const { bavail, bsize } = statfsSync(this.folder);
    writeFileSync(join(this.folder, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - freeBytes)));
  }

  /** Somebody makes room: what a failed command has written may still take some until the server cleans up. */
  free(): void {
    run('mount', '-o', 'remount,size=512m', this.folder);
    rmSync(join(this.folder, 'ballast'), { force: true });
  }

  [Symbol.dispose](): void {
    run('umount', '--lazy', this.folder);
  }
}

/** Why there can be no small disk here; undefined where there can. */
export function whyNoSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-disk-'));
  try {
    new SmallDisk(folder, 1)[Symbol.dispose]();
    return undefined;
  } catch {
    return 'this account may not mount';
  } finally {
    rmdirSync(folder);
  }
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
