import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describeWith, startMariaDB, startPostgres } from '@datakit/framework/testing';
import { differences } from './differences.ts';
import { readTables } from './source-tables.ts';
import {
  contentsInMariaDB,
  contentsInNdjson,
  contentsInParquet,
  contentsInPostgres,
  contentsInSqlite,
  duckdb,
  sqlite,
} from './table-contents.ts';
import { Scratch } from './workspace.ts';

/** The same two rows, written by hand for each reader; what the comparison is worth rests on this. */
const written = {
  postgres: `
    CREATE TYPE mood AS ENUM ('glad'); CREATE DOMAIN year AS integer;
    CREATE TABLE odd (i bigint, b boolean, n numeric(20,4), t text, c character(5), e mood, d date,
      z timestamptz, y bytea, l text[], v tsvector, w year);
    INSERT INTO odd VALUES
      (9007199254740993, true, 1234567890123456.7800, 'a|b\\c' || chr(10) || '~', 'ab', 'glad', '0101-02-03',
       '2022-01-02 03:04:05.000007+02', '\\x00ff', ARRAY['x "y"', NULL, ''], 'b:2 a:1', 1999),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  sqlite: `
    CREATE TABLE odd (i INTEGER, b INTEGER, n TEXT, t TEXT, c TEXT, e TEXT, d TEXT, z TEXT, y BLOB, l TEXT, v TEXT, w INTEGER);
    INSERT INTO odd VALUES
      (9007199254740993, 1, '1234567890123456.7800', 'a|b\\c' || char(10) || '~', 'ab   ', 'glad', '0101-02-03',
       '2022-01-02T01:04:05.000007Z', x'00ff', '["x \\"y\\"", null, ""]', '''a'':1 ''b'':2', 1999),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  mariadb: `
    CREATE TABLE odd (i bigint, b tinyint(1), n decimal(20,4), t longtext, c varchar(5), e longtext, d date, z datetime(6),
      y longblob, l longtext, v longtext, w int) COLLATE utf8mb4_nopad_bin;
    INSERT INTO odd VALUES
      (9007199254740993, 1, 1234567890123456.7800, 'a|b\\\\c\\n~', 'ab   ', 'glad', '0101-02-03',
       '2022-01-02 01:04:05.000007', x'00ff', '["x \\\\"y\\\\"", null, ""]', '''a'':1 ''b'':2', 1999),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  duckdb: `
    SELECT 9007199254740993::BIGINT i, true b, 1234567890123456.7800::DECIMAL(20,4) n, 'a|b\\c' || chr(10) || '~' t,
      'ab   ' c, 'glad' e, DATE '0101-02-03' d, TIMESTAMPTZ '2022-01-02 01:04:05.000007+00' z, '\\x00\\xFF'::BLOB y,
      ['x "y"', NULL, ''] l, '''a'':1 ''b'':2' v, 1999 w
    UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL`,
  json: [
    String.raw`{"i":9007199254740993,"b":true,"n":1234567890123456.7800,"t":"a|b\\c\n~","c":"ab   ","e":"glad","d":"0101-02-03",` +
      String.raw`"z":"2022-01-02T01:04:05.000007Z","y":"\\x00ff","l":["x \"y\"",null,""],"v":"'a':1 'b':2","w":1999}`,
    `{"i":null,"b":null,"n":null,"t":null,"c":null,"e":null,"d":null,"z":null,"y":null,"l":null,"v":null,"w":null}`,
  ].join('\n'),
};

describeWith(['postgres', 'sqlite3'], 'the comparison of tables', () => {
  test('gives the same text for the same values in every place, and another for another', async () => {
    await using server = await startPostgres();
    using scratch = new Scratch();
    const { folder } = scratch;
    const [file, parquet, json] = ['odd.sqlite', 'odd.parquet', 'odd.ndjson'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await server.psql('postgres', written.postgres);
    await sqlite(file, written.sqlite);
    await duckdb(`COPY (${written.duckdb}) TO '${parquet}' (FORMAT parquet)`);
    writeFileSync(json, `${written.json}\n`);

    const [table] = await readTables(server, 'postgres', 'public');
    const columns = table?.columns ?? [];
    const inPostgres = await contentsInPostgres(server, 'postgres', 'odd', columns);
    expect(inPostgres).toHaveLength(2);
    expect(await contentsInSqlite(file, 'odd', columns)).toEqual(inPostgres);
    expect(await contentsInParquet([parquet], columns)).toEqual(inPostgres);
    expect(await contentsInNdjson(server, [json], columns)).toEqual(inPostgres);

    await sqlite(file, `UPDATE odd SET n = 1234567890123456.78, t = t || ' ' WHERE i > 0`);
    expect(differences(inPostgres, await contentsInSqlite(file, 'odd', columns))).toHaveLength(2);
  });
});

describeWith(['postgres', 'mariadb'], 'the comparison with MariaDB', () => {
  test('gives the same text for the same values, and another for another', async () => {
    await using server = await startPostgres();
    await using mariadb = await startMariaDB();
    await server.psql('postgres', written.postgres);
    await mariadb.mariadb('mysql', `CREATE DATABASE odd; USE odd; ${written.mariadb}`);
    const [table] = await readTables(server, 'postgres', 'public');
    const columns = table?.columns ?? [];
    const inPostgres = await contentsInPostgres(server, 'postgres', 'odd', columns);
    expect(await contentsInMariaDB(mariadb, 'odd', 'odd', columns)).toEqual(inPostgres);

    await mariadb.mariadb('odd', `UPDATE odd SET t = concat(t, ' ') WHERE i > 0`);
    expect(differences(inPostgres, await contentsInMariaDB(mariadb, 'odd', 'odd', columns))).toHaveLength(2);
  });
});
