import { PostgresConnector } from './postgres-connector.ts';
import { connect } from '../../engines/postgres/connect.ts';
import { startPostgres } from '../../testing/index.ts';
import { describeRanges, type RangeColumn } from '../range-contract.ts';

const columns: readonly RangeColumn[] = [
  {
    ...{ table: 'by_instant', column: 'changed at', type: 'timestamptz(6)', without: [5, 6, 7] },
    values: [
      '1969-12-31T23:59:59.999999Z',
      '2024-02-29T23:59:59.000001Z',
      '2024-02-29T23:59:59.000002Z',
      '2262-04-12T00:00:00.000000Z',
    ],
  },
  {
    ...{ table: 'by_local_time', column: 'changed', type: 'timestamp', without: [] },
    values: ['2024-02-29T23:59:59.000001', '2024-02-29T23:59:59.000002', '2024-03-31T02:30:00.000000'],
  },
  {
    ...{ table: 'by_day', column: 'day', type: 'date', without: [4] },
    values: ['1999-12-31', '2000-02-29', '2024-01-01'],
  },
  {
    ...{ table: 'by_number', column: 'n', type: 'bigint', without: [4] },
    values: ['-9223372036854775808', '9007199254740993', '9007199254740994'],
  },
  {
    ...{ table: 'by_decimal', column: 'd', type: 'numeric', without: [4, 5] },
    values: ['-0.00000000000000000001', '0.10', '123456789012345678901234567890.123456789'],
  },
  {
    ...{ table: 'by_text', column: 't', type: 'text', without: [6] },
    values: ['A?', `Z'; drop table by_text; --\\`, 'a', 'é', '😀'],
  },
  {
    ...{ table: 'by_uuid', column: 'u', type: 'uuid', without: [] },
    values: [
      '018f0000-0000-7000-8000-000000000001',
      '018f0000-0000-7000-8000-000000000002',
      '018f0000-0001-7000-8000-000000000000',
    ],
  },
];
/** Rows that have no place on the line, after null. */
const others: Readonly<Record<string, readonly string[]>> = {
  by_instant: ['infinity', '-infinity'],
  by_decimal: ['NaN'],
};

describeRanges('tables of PostgreSQL', async () => {
  const server = await startPostgres({ version: 'embedded' });
  const { host, port, user, password } = server;
  const address = { host, port, user, password, database: 'postgres' };
  await using admin = await connect({ engine: 'postgres', ...address });
  await admin.execute('create schema contract');
  for (const { table, column, type, values, without } of columns) {
    await admin.execute(`create table contract.${table} (id integer, "${column}" ${type})`);
    const rows: [number, string | null][] = values.map((value, index) => [index + 1, value]);
    without.forEach((id, index) => rows.push([id, index === 0 ? null : (others[table]?.[index - 1] ?? null)]));
    // The last one first: the order of the table must not be the order of the values.
    for (const row of rows.reverse()) await admin.execute(`insert into contract.${table} values (?, ?)`, row);
  }
  return {
    schema: 'contract',
    columns,
    connectors: { 'password over TCP': () => new PostgresConnector(address) },
    stop: () => server.stop(),
  };
});
