import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseColumnType } from '../../model/column-type.ts';
import type { WireFormat } from '../../model/wire-format.ts';
import { describeWith, startPostgres, type TestPostgres } from '../../testing/index.ts';
import { connect } from './connect.ts';
import { copyOut, copyOutFormats } from './copy-out.ts';
import { RowEstimate } from './row-estimate.ts';

it('counts the rows at the beginning', () => {
  const estimate = new RowEstimate('text-rows');
  expect(estimate.rows()).toBe(0);
  estimate.see(Buffer.from('1\tone\n2\ttwo\n'));
  expect(estimate.rows()).toBe(2);
  estimate.see(Buffer.from('3\tbee'));
  expect(estimate.rows()).toBe(3);
});

describeWith(['postgres'], 'rows under way', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
    await server.psql(
      'postgres',
      `create table item as select n, case when n % 2 = 0 then repeat('x', n % 80) end as text from generate_series(1, 50000) n`,
    );
  });
  afterAll(() => server?.stop());

  it.each(copyOutFormats)('are estimated within a tenth in %s', async (format: WireFormat) => {
    const { host, port, user, password } = server;
    await using session = await connect({ engine: 'postgres', host, port, user, password, database: 'postgres' });
    const columns = [
      { name: 'n', from: 'n', type: parseColumnType('integer') },
      { name: 'text', from: 'text', type: parseColumnType('text') },
    ];
    const stream = await copyOut(session, { schema: 'public', table: 'item', columns, constants: [], format });
    for await (const _ of stream.rows);
    expect(await stream.rowCount()).toBe(50_000);
    expect(stream.rowsSoFar()).toBeGreaterThan(45_000);
    expect(stream.rowsSoFar()).toBeLessThan(55_000);
  });
});
