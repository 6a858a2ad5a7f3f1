import { join } from 'node:path';
import { outputOf, type TestPostgres } from '@datakit/framework/testing';

/** Restores the real Pagila into a database of a test's server; its own script checks the row counts. */
export async function restorePagila(server: TestPostgres): Promise<void> {
  await outputOf('bash', [join(process.env['DATAKIT_TEST_PAGILA'] ?? '', 'restore'), server.url('pagila')]);
}

/** Makes our own Pagila in a database of a test's server. It holds odder values than the real one. */
export async function generatePagila(server: TestPostgres, scale = 0.1): Promise<void> {
  await server.psql('postgres', `CREATE DATABASE pagila TEMPLATE template0`);
  const { createPagila } = await import('@datakit/pagila-source');
  await createPagila(server.url('pagila'), { scale });
}
