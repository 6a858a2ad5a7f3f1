import pg from 'pg';
import { noiseFunction } from './chance.ts';
import { createKeys } from './keys.ts';
import { filmRows } from './rows/film-rows.ts';
import { fixedRows } from './rows/fixed-rows.ts';
import { peopleRows } from './rows/people-rows.ts';
import { rentalRows } from './rows/rental-rows.ts';
import { sizesOf } from './sizes.ts';
import { createPaymentPartition, createTables, paymentMonths } from './tables.ts';

/** Changes with every change of the rows, so that a database of an older generator is not taken for one of this. */
export const generatorVersion = 1;

/** How much to generate. */
export interface PagilaOptions {
  /** 1 has the rows of Pagila (16,044 rentals); 60 about a million rentals. */
  readonly scale?: number;
}

/** The scale that `PAGILA_SCALE` asks for; 1 without it. */
export function defaultScale(): number {
  return Number(process.env['PAGILA_SCALE'] ?? 1);
}

/**
 * Fills an empty database of any PostgreSQL server (15 or newer, UTF-8) with the tables and rows, in one transaction.
 * The rows are made inside the server, and are the same for the same scale on every machine.
 *
 * @throws what `pg` throws; a database that holds such tables already is left as it is
 * @example
 * ```ts
 * await createPagila({ host: 'localhost', database: 'pagila', user: 'me' }, { scale: 0.1 });
 * ```
 */
export async function createPagila(
  connection: string | pg.ClientConfig,
  { scale = defaultScale() }: PagilaOptions = {},
): Promise<void> {
  const sizes = sizesOf(scale);
  const client = new pg.Client(connection);
  // A lost connection also fails the statement in hand; without a handler it would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const statements = [
      'begin',
      `set local timezone = 'UTC'`,
      `set local maintenance_work_mem = '256MB'`,
      noiseFunction,
      createTables,
      ...paymentMonths.map(createPaymentPartition),
      ...fixedRows(),
      ...peopleRows(sizes),
      ...filmRows(sizes),
      ...rentalRows(sizes),
      ...createKeys,
      'commit',
      // Else the server adds its late count of the inserted rows to what ANALYZE counts: every table looks twice its size.
      'select pg_stat_force_next_flush()',
      'analyze',
    ];
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
