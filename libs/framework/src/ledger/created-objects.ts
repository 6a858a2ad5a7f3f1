import type { Row } from '../engines/session.ts';
import { currentInstant } from '../report/instant.ts';
import { chunks, type LedgerRows } from './ledger-rows.ts';

/** Something that a datakit created: `schema`, `table`, `column`, `index`, `foreign key`, `check`. */
export interface LedgerObject {
  readonly kind: string;
  /** By its name in the database: `bronze_pagila.film`, `bronze_pagila.film.length`. */
  readonly object: string;
}

/** What datakits created here: what is not in this list is not ours. */
export class CreatedObjects {
  readonly #rows: LedgerRows;

  constructor(rows: LedgerRows) {
    this.#rows = rows;
  }

  /** Everything that datakits created here, with its owner. */
  async list(where: { datakit?: string; runId?: string } = {}): Promise<(LedgerObject & { datakit: string })[]> {
    const conditions = [...(where.datakit ? ['datakit = ?'] : []), ...(where.runId ? ['run_id = ?'] : [])];
    return this.#rows.select<LedgerObject & { datakit: string } & Row>(
      'objects',
      `${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''} order by kind, object`,
      [where.datakit, where.runId].filter((value) => value !== undefined),
    );
  }

  /** Records what a run created; what was recorded before under the same name is replaced. */
  async record(datakit: string, runId: string, objects: readonly LedgerObject[]): Promise<void> {
    await this.forget(objects);
    const createdAt = currentInstant();
    await this.#rows.insert(
      'objects',
      ...objects.map(({ kind, object }) => ({ kind, object, datakit, run_id: runId, created_at: createdAt })),
    );
  }

  async forget(objects: readonly LedgerObject[]): Promise<void> {
    for (const [kind, ofKind] of Map.groupBy(objects, (object) => object.kind)) {
      for (const chunk of chunks(ofKind)) {
        await this.#rows.delete('objects', `kind = ? and object in (${chunk.map(() => '?').join(', ')})`, [
          kind,
          ...chunk.map(({ object }) => object),
        ]);
      }
    }
  }
}
