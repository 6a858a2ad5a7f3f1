import type { TableDescription } from '../engines/table-description.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { SourceKind } from '../model/source-definition.ts';
import { fillVariables, readEnvironment } from '../settings/environment.ts';
import { holdsPassword } from '../settings/secret-in-url.ts';
import { kindOfUrl, loadOpener } from '../sources/source-registry.ts';
import { chooseTables, type TableChoice } from './choose-tables.ts';

/** Where to look, and what to take. */
export interface SourceQuestion extends TableChoice {
  /** URL of the source, with `${NAME}` for what the environment knows; a path of a file is enough for SQLite. */
  readonly from: string;
  readonly schema?: string;
  /** Name of the source system. */
  readonly system: string;
  /** Where relative paths begin, and where the `.env` files are. */
  readonly workspaceRoot: string;
}

/** A live source as a datakit would declare it. */
export interface DescribedSource {
  readonly kind: SourceKind;
  /** The schema, where the source has several. */
  readonly schema: string | undefined;
  /** In the order of their names. */
  readonly tables: readonly TableDescription[];
  /** All tables and views that are there. */
  readonly names: readonly string[];
  /** What was not taken and why, for people. */
  readonly leftOut: readonly string[];
  /** One line that says where it is, without secrets. */
  readonly description: string;
}

const optionName = '--from';

/**
 * Looks at a live source. Reads only.
 *
 * @throws SECRET_IN_ARGS for a password in the URL itself
 * @throws OPTION_INVALID for a URL, a pattern or a schema that makes no sense
 * @throws SOURCE_UNAVAILABLE, AUTH_FAILED where it cannot be reached
 * @throws SOURCE_TABLE_UNKNOWN for tables that are not there
 * @throws TYPE_UNSUPPORTED naming the columns that cannot be read
 */
export async function describeSource(question: SourceQuestion): Promise<DescribedSource> {
  const { from, system, workspaceRoot } = question;
  refusePassword(from);
  const environment = readEnvironment(workspaceRoot);
  const fill = (text: string): string => fillVariables(text, environment, optionName);
  const url = fill(sourceUrl(from));
  const kind = kindOfUrl(url, optionName);
  const opener = await loadOpener(kind);
  const place = { url, what: optionName, system, environment, workspaceRoot, tables: new Map(), fill };
  await using connector = opener.atUrl(place);
  const schema = question.schema ?? connector.defaultSchema;
  const schemas = await connector.listSchemas();
  if (question.schema !== undefined && !schemas.includes(schema)) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `There is no schema "${schema}" in ${connector.description}.`,
      hint: `It has ${schemas.join(', ')}.`,
    });
  }
  const where = `${connector.description}${schemas.length > 1 ? `, schema ${schema}` : ''}`;
  const others = question.schema === undefined ? schemas.filter((name) => name !== schema) : [];
  const found = await connector.describeTables(schema);
  const { chosen, leftViews } = withSchemas(others, () => chooseTables(found, question, where));
  refuseUnreadable(chosen);
  return {
    kind,
    // Elsewhere it is what the URL names, unless somebody asked for another.
    schema: kind === 'postgres' ? schema : question.schema,
    tables: chosen.toSorted(byName),
    names: found.map(({ name }) => name),
    description: connector.description,
    leftOut: [
      ...(leftViews.length === 0
        ? []
        : [`Views are taken where --tables or --include names them: ${leftViews.join(', ')}.`]),
      ...(others.length === 0
        ? []
        : [`A datakit reads one schema; for ${others.join(', ')} make another one, with --schema.`]),
    ],
  };
}

/** As people sort, the same on every machine. */
export function byName(a: TableDescription, b: TableDescription): number {
  const [left, right] = [a.name.toLowerCase(), b.name.toLowerCase()];
  if (left !== right) return left < right ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

/** A path is a file of SQLite where its name says so, else files. */
function sourceUrl(from: string): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(from) || from.startsWith('$')) return from;
  return /\.(sqlite3?|db3?)$/i.test(from) ? `sqlite:${from}` : `file:${from}`;
}

function refusePassword(from: string): void {
  if (!holdsPassword(from.replaceAll(/\$\{\w+\}/g, ''))) return;
  throw new DatakitError({
    code: 'SECRET_IN_ARGS',
    message: '--from holds a password, where every user of this machine can read it.',
    hint: `Put the URL into the environment or into .env, and name the variable: --from='\${SHOP_URL}'. Or leave the password out and set PGPASSWORD or MYSQL_PWD.`,
  });
}

/** A schema without tables is most often the wrong one. */
function withSchemas<Result>(others: readonly string[], choose: () => Result): Result {
  try {
    return choose();
  } catch (error) {
    if (!(error instanceof DatakitError) || error.code !== 'SOURCE_TABLE_UNKNOWN' || others.length === 0) throw error;
    const { code, message, details } = error;
    throw new DatakitError({
      code,
      message,
      details,
      hint: `${error.hint ?? ''} There is also ${others.join(', ')}.`.trim(),
    });
  }
}

function refuseUnreadable(tables: readonly TableDescription[]): void {
  const columns = tables.flatMap((table) =>
    table.columns.flatMap(({ name, unreadable }) =>
      unreadable === undefined ? [] : [{ column: `${table.name}.${name}`, why: unreadable }],
    ),
  );
  if (columns.length === 0) return;
  throw new DatakitError({
    code: 'TYPE_UNSUPPORTED',
    message: `The source has columns that cannot be read:\n${columns.map(({ column, why }) => `- ${column}: ${why}`).join('\n')}`,
    hint: 'Leave those tables out with --exclude, or read a view instead: --include=NAME.',
    details: { columns: columns.map(({ column }) => column) },
  });
}
