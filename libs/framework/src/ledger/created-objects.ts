import type { Row } from '../engines/session.ts';
import { currentInstant } from '../report/instant.ts';
import { chunks, type LedgerRows } from './ledger-rows.ts';

/** Something that a datakit created: `schema`, `table`, `column`, `index`, `foreign key`, `check`, `view`. */
export interface LedgerObject {
  readonly kind: string;
  /** By its name in the database: `bronze_pagila.film`, `bronze_pagila.film.length`. */
  readonly object: string;
  /** Hash of its declaration, where the server rewrites its text. */
  readonly declared?: string | null;
  /** Hash of the text that the server showed for it after the last deployment. */
  readonly live?: string | null;
}

/** What datakits created here: what is not in this list is not ours. */
export class CreatedObjects {
  readonly #rows: LedgerRows;

  constructor(rows: LedgerRows) {
    this.#rows = rows;
  }

  /** Everything that datakits created here, with its owner. */
  async list(
    where: { datakit?: string; runId?: string; kind?: string } = {},
  ): Promise<(LedgerObject & { datakit: string })[]> {
    const conditions = [
      ...(where.datakit ? ['datakit = ?'] : []),
      ...(where.runId ? ['run_id = ?'] : []),
      ...(where.kind ? ['kind = ?'] : []),
    ];
    return this.#rows.select<LedgerObject & { datakit: string } & Row>(
      'objects',
      `${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''} order by kind, object`,
      [where.datakit, where.runId, where.kind].filter((value) => value !== undefined),
    );
  }

  /**
   * What a datakit created here, and which schemas, tables and views others did: their columns and indexes are nobody's
   * business, and reading them made deployments of many datakits take time that grew with the square of their number.
   */
  async listFor(datakit: string): Promise<(LedgerObject & { datakit: string })[]> {
    return this.#rows.select<LedgerObject & { datakit: string } & Row>(
      'objects',
      `where datakit = ? or kind in ('schema', 'table', 'view') order by kind, object`,
      [datakit],
    );
  }

  /** Records what a run created; what was recorded before under the same name is replaced. */
  async record(datakit: string, runId: string, objects: readonly LedgerObject[]): Promise<void> {
    await this.forget(objects);
    const createdAt = currentInstant();
    await this.#rows.insert(
      'objects',
      ...objects.map(({ kind, object, declared = null, live = null }) => ({
        kind,
        object,
        datakit,
        run_id: runId,
        created_at: createdAt,
        declared,
        live,
      })),
    );
  }

  /** Records how the server shows a text that was just deployed. */
  async recordText({ kind, object, declared = null, live = null }: LedgerObject): Promise<void> {
    await this.#rows.update('objects', { declared, live }, 'kind = ? and object = ?', [kind, object]);
  }

  /** Forgets what is gone; loads of a table that is made again begin anew. */
  async forget(objects: readonly LedgerObject[]): Promise<void> {
    const tables = objects.filter(({ kind }) => kind === 'table').map(({ object }) => object);
    for (const chunk of chunks(tables)) {
      const isOneOf = `object in (${chunk.map(() => '?').join(', ')})`;
      await this.#rows.delete('cursors', isOneOf, chunk);
      await this.#rows.delete('files', isOneOf, chunk);
    }
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
