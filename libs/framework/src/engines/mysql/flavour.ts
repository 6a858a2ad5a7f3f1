/** What differs between MySQL and MariaDB; all else is one engine. */
export interface Flavour {
  readonly name: 'mysql' | 'mariadb';
  /** Letter for letter, blanks at the end included, so that keys mean the same as on other engines. */
  readonly collation: string;
  /** Databases whose comment starts with `?`; undefined where databases have none. */
  readonly commentedDatabasesQuery: string | undefined;
  /** The most digits after the point of a `decimal`. */
  readonly decimalScale: number;
  /** Long texts take a default only as an expression in parentheses, and the catalogue shows expressions in words of its own. */
  readonly longTextDefaultsAreExpressions: boolean;
  /** A dropped column only leaves the catalogue; elsewhere (MySQL before 8.0.29) the table is written anew. */
  readonly dropsColumnsInPlace: boolean;
  /** A check takes the new name of its column; elsewhere it has to make way for the rename. */
  readonly checksFollowColumns: boolean;
  /** `information_schema.triggers` shows bodies as they were written; elsewhere those with odd names are garbled. */
  readonly showsTriggerBodies: boolean;
  /** Table, name and expression of the checks of the tables that are put in the place of `?`. */
  readonly checksQuery: string;
  /** The default in SQL, as one reads it; null where there is none. */
  readDefault(column: CatalogueDefault): string | null;
}

/** What `information_schema.columns` says about a default. */
export interface CatalogueDefault {
  readonly text: string | null;
  readonly extra: string;
  readonly type: string;
}

/** MySQL 8.0.19 and newer. Its catalogue shows literals bare and marks expressions. */
export const mysqlFlavour: Flavour = {
  name: 'mysql',
  collation: 'utf8mb4_0900_bin',
  commentedDatabasesQuery: undefined,
  decimalScale: 30,
  longTextDefaultsAreExpressions: true,
  dropsColumnsInPlace: false,
  checksFollowColumns: false,
  showsTriggerBodies: false,
  checksQuery: `
    select t.table_name as tableName, c.constraint_name as name, c.check_clause as expression
    from information_schema.check_constraints c join information_schema.table_constraints t
      on t.constraint_schema = c.constraint_schema and t.constraint_name = c.constraint_name and t.constraint_type = 'CHECK'
    where t.constraint_schema = database() and t.table_name in (?) order by c.constraint_name`,
  readDefault: ({ text, extra }) => {
    if (text === null) return null;
    return /\bDEFAULT_GENERATED\b/i.test(extra) ? text : `'${text.replaceAll("'", "''")}'`;
  },
};
