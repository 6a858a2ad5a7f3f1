import { unescapeLiteral } from '../mysql/quote.ts';
import type { Flavour } from '../mysql/flavour.ts';

/** MariaDB 10.6 and newer, whose DDL statements are atomic one by one. */
export const mariadbFlavour: Flavour = {
  name: 'mariadb',
  collation: 'utf8mb4_nopad_bin',
  commentedDatabasesQuery:
    'select schema_name as name from information_schema.schemata where left(schema_comment, char_length(?)) = ?',
  decimalScale: 38,
  longTextDefaultsAreExpressions: false,
  dropsColumnsInPlace: true,
  checksFollowColumns: true,
  showsTriggerBodies: true,
  checksQuery: `
    select table_name as tableName, constraint_name as name, check_clause as expression
    from information_schema.check_constraints
    where constraint_schema = database() and table_name in (?) order by constraint_name`,
  // The catalogue shows SQL, and the word NULL for a column that may be null and has no default.
  readDefault: ({ text }) => (text === null || text === 'NULL' ? null : unescapeLiteral(text)),
};
