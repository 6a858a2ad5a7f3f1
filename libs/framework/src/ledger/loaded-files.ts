import type { Engine } from '../engines/engine.ts';
import type { Row, Session } from '../engines/session.ts';
import { chunks, type LedgerRows } from './ledger-rows.ts';
import { ledgerTableName } from './ledger-tables.ts';

/** A file whose rows were loaded. */
export interface LoadedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Which files a table of the source consists of. */
export interface FileOwner {
  /** The table by its name in the database. */
  readonly object: string;
  readonly sourceSystem: string;
}

/** The files whose rows are in a table; written in the commit of the rows. */
export class LoadedFiles {
  readonly #rows: LedgerRows;
  readonly #engine: Engine;
  readonly #session: Session;

  constructor(rows: LedgerRows, engine: Engine, session: Session) {
    this.#rows = rows;
    this.#engine = engine;
    this.#session = session;
  }

  /** False in a database whose last deployment was by a version that knew no files. */
  async exist(): Promise<boolean> {
    return (await this.#engine.readTables(this.#session, [ledgerTableName('files', this.#engine)])).length > 0;
  }

  /** Files by format (`table`, `parquet`, `json`) and name. */
  async of({ object, sourceSystem }: FileOwner): Promise<Map<string, Map<string, LoadedFile>>> {
    const rows = await this.#rows.select<
      Row & { format: string; name: string; bytes: number | string | bigint; sha256: string }
    >('files', 'where object = ? and source_system = ?', [object, sourceSystem]);
    const byFormat = new Map<string, Map<string, LoadedFile>>();
    for (const { format, name, bytes, sha256 } of rows) {
      const files = byFormat.get(format) ?? new Map<string, LoadedFile>();
      byFormat.set(format, files.set(name, { name, bytes: Number(bytes), sha256 }));
    }
    return byFormat;
  }

  /** Records the files of a load. Those of the same names are not those of earlier loads any more. */
  async add(
    { object, sourceSystem }: FileOwner,
    loadId: string,
    formats: readonly string[],
    files: readonly LoadedFile[],
  ): Promise<void> {
    for (const format of formats) {
      for (const some of chunks(files)) {
        const names = some.map(({ name }) => name);
        await this.#rows.delete(
          'files',
          `object = ? and source_system = ? and format = ? and name in (${names.map(() => '?').join(', ')})`,
          [object, sourceSystem, format, ...names],
        );
      }
      const rows = files.map(({ name, bytes, sha256 }, position) => ({
        ...{ load_id: loadId, format, position, object },
        ...{ source_system: sourceSystem, name, bytes, sha256 },
      }));
      if (rows.length > 0) await this.#rows.insert('files', ...rows);
    }
  }

  /** Forgets the files of a table, before all of them are read anew. */
  async forget({ object }: Pick<FileOwner, 'object'>, formats: readonly string[]): Promise<void> {
    const some = formats.map(() => '?').join(', ');
    await this.#rows.delete('files', `object = ? and format in (${some})`, [object, ...formats]);
  }
}
