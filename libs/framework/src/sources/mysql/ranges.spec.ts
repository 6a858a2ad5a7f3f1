import { describeWith } from '../../testing/index.ts';
import { describeRanges, type RangeColumn } from '../range-contract.ts';
import { mariadbTestSource, mysqlTestSource, type MysqlTestSource } from './contract/mysql-test-source.ts';

const columns: readonly (RangeColumn & { readonly made: string })[] = [
  {
    ...{ table: 'by_instant', column: 'changed at', type: 'timestamptz', made: 'timestamp(6) null', without: [4] },
    values: ['1970-01-02T23:59:59.999999Z', '2024-02-29T23:59:59.000001Z', '2024-02-29T23:59:59.000002Z'],
  },
  {
    ...{ table: 'by_local_time', column: 'changed', type: 'timestamp', made: 'datetime(6)', without: [] },
    values: ['0999-02-28T23:59:59.000001', '2024-02-29T23:59:59.000002', '9999-12-31T02:30:00.000000'],
  },
  {
    ...{ table: 'by_day', column: 'day', type: 'date', made: 'date', without: [4] },
    values: ['1999-12-31', '2000-02-29', '2024-01-01'],
  },
  {
    ...{ table: 'by_number', column: 'n', type: 'bigint', made: 'bigint', without: [4] },
    values: ['-9223372036854775808', '9007199254740993', '9007199254740994'],
  },
  {
    ...{ table: 'by_decimal', column: 'd', type: 'numeric(50,20)', made: 'decimal(50,20)', without: [] },
    values: [
      '-0.00000000000000000001',
      '0.10000000000000000000',
      '123456789012345678901234567890.12345678901234567890',
    ],
  },
  {
    ...{ table: 'by_text', column: 't', type: 'text', made: 'text collate utf8mb4_general_ci', without: [7] },
    values: ['A?', `Z'; drop table by_text; --\\`, 'a', 'a ', 'é', '😀'],
  },
  {
    ...{ table: 'by_latin', column: 't', type: 'varchar(20)', made: 'varchar(20) character set latin1', without: [] },
    values: ['A', 'a', 'é'],
  },
  {
    ...{ table: 'by_uuid', column: 'u', type: 'uuid', made: 'char(36)', without: [] },
    values: [
      '018f0000-0000-7000-8000-000000000001',
      '018f0000-0000-7000-8000-000000000002',
      '018f0000-0001-7000-8000-000000000000',
    ],
  },
];

describeWith(['mariadb'], 'MariaDB as installed', () =>
  describeRanges('tables of MariaDB', () => filled(mariadbTestSource)),
);
describeWith(['mysql'], 'MySQL of the machine', () => describeRanges('tables of MySQL', () => filled(mysqlTestSource)));

async function filled(open: () => Promise<MysqlTestSource>) {
  const source = await open();
  const { admin } = source;
  for (const { table, column, made, values, without } of columns) {
    await admin.execute(`create table ${table} (id integer, \`${column}\` ${made})`);
    const stored = values.map((value) =>
      /^\d{4}-\d\d-\d\dT/.test(value) ? value.replace('T', ' ').replace('Z', '') : value,
    );
    const rows: [number, string | null][] = stored.map((value, index) => [index + 1, value]);
    for (const id of without) rows.push([id, null]);
    for (const row of rows.reverse()) await admin.execute(`insert into ${table} values (?, ?)`, row);
  }
  return { ...source, columns };
}
