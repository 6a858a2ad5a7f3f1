import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatakitError } from '../errors/datakit-error.ts';
import { waitForProcessLock } from '../settings/process-lock.ts';
import { hashFile } from './hash-file.ts';
import type { WrittenPart } from './written-part.ts';

/** The formats that are files. */
export type FileFormat = 'parquet' | 'json';

/** One file of a published load; the path is relative to the table's folder. */
export interface ManifestFile {
  readonly path: string;
  readonly format: FileFormat;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** One published load in `manifest.json`. */
export interface ManifestLoad {
  readonly loadId: string;
  readonly publishedAt: string;
  readonly files: readonly ManifestFile[];
}

/** A load that waits for the database's commit. */
type SealedLoad = ManifestLoad & { readonly adds?: boolean };

// Hidden, so that nobody who looks for JSON data finds it.
const loadFile = '.load.json';
const manifestFile = 'manifest.json';

/**
 * The files of one table below the output folder. A load is written aside into `.staged-<database>-<load id>/`; when
 * the database has committed it, the folder is renamed to `<load id>/` and `manifest.json` names it. Several databases
 * may share the folder, so callers hold its {@link LoadFiles.lock} around everything else.
 */
export class LoadFiles {
  readonly folder: string;
  readonly #stagedPrefix: string;
  readonly #announcedPrefix: string;

  /**
   * @param folder `<out>/<source system>/<table>`
   * @param place the database whose commit decides over what is staged here
   */
  constructor(folder: string, place: string) {
    this.folder = folder;
    const database = createHash('sha256').update(place).digest('hex').slice(0, 8);
    this.#stagedPrefix = `.staged-${database}-`;
    this.#announcedPrefix = `.publishing-${database}-`;
  }

  /** Waits until no other run writes files of this table. @throws LOCKED, OUTPUT_UNWRITABLE */
  async lock(timeoutSeconds: number): Promise<Disposable> {
    await makeFolder(this.folder);
    return waitForProcessLock(join(this.folder, '.lock'), this.folder, timeoutSeconds);
  }

  /** Makes the folder in which a load is written. @throws OUTPUT_UNWRITABLE */
  async stage(loadId: string): Promise<string> {
    const staged = this.#staged(loadId);
    await makeFolder(staged);
    return staged;
  }

  /**
   * Describes what was written, so that the load can be published even by a later run.
   * @param load `adds`: beside the files that are there, not in their place
   */
  async seal(
    load: Omit<SealedLoad, 'files'>,
    parts: readonly (WrittenPart & { readonly format: FileFormat })[],
  ): Promise<ManifestFile[]> {
    const staged = this.#staged(load.loadId);
    const files: ManifestFile[] = [];
    for (const { name, rows, format } of parts) {
      files.push({ path: `${load.loadId}/${name}`, format, rows, ...(await hashFile(join(staged, name))) });
    }
    await writeFile(join(staged, loadFile), JSON.stringify({ ...load, files } satisfies SealedLoad));
    return files;
  }

  /**
   * Publishes a committed load, beside the earlier files of its formats or in their place; files of other formats stay.
   */
  async publish(loadId: string): Promise<void> {
    const staged = this.#staged(loadId);
    const announced = join(this.folder, `${this.#announcedPrefix}${loadId}`);
    // Says until the end what is being published: a run that is killed behind the renaming would leave files that no
    // manifest names, and nobody would know whether they are new or old.
    if (existsSync(staged)) {
      await copyFile(join(staged, loadFile), announced);
      await rename(staged, join(this.folder, loadId));
    }
    const { adds, ...load } = JSON.parse(await readFile(announced, 'utf8')) as SealedLoad;
    const formats = new Set(adds ? [] : load.files.map((file) => file.format));
    const kept = (await this.published())
      .filter((earlier) => earlier.loadId !== loadId)
      .map((earlier) => ({ ...earlier, files: earlier.files.filter((file) => !formats.has(file.format)) }))
      .filter((earlier) => earlier.files.length > 0);
    const aside = join(this.folder, `.${manifestFile}.${process.pid}`);
    await writeFile(aside, `${JSON.stringify({ loads: [...kept, load] }, null, 2)}\n`);
    await rename(aside, join(this.folder, manifestFile));
    await rm(announced);
    await this.#removeUnnamed([...kept, load]);
  }

  /** The loads that the manifest names. */
  async published(): Promise<readonly ManifestLoad[]> {
    const path = join(this.folder, manifestFile);
    if (!existsSync(path)) return [];
    return (JSON.parse(await readFile(path, 'utf8')) as { loads: ManifestLoad[] }).loads;
  }

  /** Readers follow the manifest, so what it no longer names can go. */
  async #removeUnnamed(loads: readonly ManifestLoad[]): Promise<void> {
    const named = new Set(loads.flatMap((load) => load.files.map((file) => file.path)));
    const folders = new Set(loads.map((load) => load.loadId));
    for (const folder of await this.#folders()) {
      if (folder.startsWith('.')) continue;
      if (!folders.has(folder)) await rm(join(this.folder, folder), { recursive: true, force: true });
      else {
        for (const name of await readdir(join(this.folder, folder))) {
          if (name !== loadFile && !named.has(`${folder}/${name}`)) await rm(join(this.folder, folder, name));
        }
      }
    }
  }

  /** Removes what a failed load wrote. */
  async discard(loadId: string): Promise<void> {
    await rm(this.#staged(loadId), { recursive: true, force: true });
  }

  /** Load ids whose files a killed run left aside, oldest first. */
  async leftovers(): Promise<string[]> {
    const names = existsSync(this.folder) ? await readdir(this.folder) : [];
    const ids = [this.#stagedPrefix, this.#announcedPrefix].flatMap((prefix) =>
      names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
    );
    return [...new Set(ids)].sort();
  }

  #staged(loadId: string): string {
    return join(this.folder, `${this.#stagedPrefix}${loadId}`);
  }

  async #folders(): Promise<string[]> {
    if (!existsSync(this.folder)) return [];
    const entries = await readdir(this.folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  }
}

/** Makes a folder, or says why not. @throws OUTPUT_UNWRITABLE */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const probe = join(folder, `.probe-${process.pid}`);
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    throw new DatakitError({
      code: 'OUTPUT_UNWRITABLE',
      message: `The output folder ${folder} cannot be written (${(cause as NodeJS.ErrnoException).code}).`,
      hint: 'Check its rights and that no file has its name, or give another folder with --out.',
      cause,
    });
  }
}
