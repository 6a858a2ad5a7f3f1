import { describe, expect, it } from '@jest/globals';
import { mariadbFlavour } from '../mariadb/flavour.ts';
import { columnDefault, defaultClause, liveDefault } from './column-defaults.ts';
import { mysqlFlavour, type Flavour } from './flavour.ts';

const column = (type: string, value: string) => ({ name: 'c', type, nullable: true, default: value, identity: false });

/** What is declared, what MariaDB's catalogue shows of it, and its form in a comparison. */
const cases = [
  ['longtext', `'it''s \\'`, `'it\\'s \\\\'`, `'it''s \\'`],
  ['int', `'5'`, '5', '5'],
  ['decimal(5,2)', '4.90', '4.90', '4.9'],
  ['tinyint(1)', 'TRUE', '1', '1'],
  ['varchar(20)', `'NULL'`, `'NULL'`, `'NULL'`],
  ['datetime(6)', 'now()', 'utc_timestamp(6)', 'utc_timestamp(6)'],
  ['datetime', 'CURRENT_TIMESTAMP', 'utc_timestamp()', 'utc_timestamp()'],
  ['longtext', `'{}'`, `'[]'`, `'[]'`],
] as const;

describe('a default', () => {
  it.each(cases)('of %s, %s, is found as it was declared', (type, declared, onMariaDB, normal) => {
    expect(columnDefault(declared, type)).toBe(normal);
    const sql = mariadbFlavour.readDefault({ text: onMariaDB, extra: '', type });
    expect(liveDefault(sql, type, '')).toBe(normal);
  });

  it('that is an expression is known by the comment of its column, which the server does not rewrite', () => {
    const declared = columnDefault(`upper('Abc')`, 'longtext');
    for (const flavour of [mysqlFlavour, mariadbFlavour] satisfies Flavour[]) {
      expect(defaultClause(column('longtext', declared), flavour, '')).toBe(
        ` default (upper('Abc')) comment 'default: upper(''Abc'')'`,
      );
    }
    expect(liveDefault(`ucase('Abc')`, 'longtext', `default: upper('Abc')`)).toBe(declared);
    expect(liveDefault(`'changed by hand'`, 'longtext', `default: upper('Abc')`)).toBe(`'changed by hand'`);
    expect(liveDefault(`ucase('Abc')`, 'longtext', '')).toBe(`ucase('Abc')`);
    const onMySQL = mysqlFlavour.readDefault({ text: `_utf8mb4\\'x\\'`, extra: 'DEFAULT_GENERATED', type: 'longtext' });
    expect(liveDefault(onMySQL, 'longtext', `default: 'x'`)).toBe(`'x'`);
  });

  it('of a long text is an expression on MySQL, and a backslash is escaped on both', () => {
    expect(defaultClause(column('longtext', `'a\\b'`), mysqlFlavour, '')).toBe(
      ` default ('a\\\\b') comment 'default: ''a\\\\b'''`,
    );
    expect(defaultClause(column('longtext', `'a\\b'`), mariadbFlavour, 'by hand')).toBe(
      ` default 'a\\\\b' comment 'by hand'`,
    );
  });
});
