/**
 * A view's query as the server shows it: every table with its database, every column with its table or its alias, all
 * in backticks. So names can be found in it without knowing SQL.
 */

const token = /'(?:[^'\\]|\\[^]|'')*'|`(?:[^`]|``)*`(?:\.`(?:[^`]|``)*`)*|[^'`]+/g;

/** What is renamed in a table that views read. */
export interface TableRename {
  readonly from: string;
  readonly to: string;
  readonly columns: ReadonlyMap<string, string>;
}

/** The query after a rename; unchanged where it does not read the table. */
export function renamedInView(query: string, database: string, rename: TableRename): string {
  const aliases = aliasesOf(query, database, rename.from);
  if (aliases.size === 0) return query;
  return query.replaceAll(token, (text) => {
    if (!text.startsWith('`')) return text;
    const path = namesIn(text);
    const column = (name: string | undefined): string => rename.columns.get(name ?? '') ?? name ?? '';
    if (path[0] === database && path[1] === rename.from && path.length <= 3) {
      return inBackticks([database, rename.to, ...(path.length === 3 ? [column(path[2])] : [])]);
    }
    if (path.length === 2 && aliases.has(path[0] ?? '')) return inBackticks([path[0] ?? '', column(path[1])]);
    return text;
  });
}

/** The columns of a table that a view's query reads; undefined where it does not read the table at all. */
export function columnsRead(query: string, database: string, table: string): ReadonlySet<string> | undefined {
  const aliases = aliasesOf(query, database, table);
  if (aliases.size === 0) return undefined;
  const columns = new Set<string>();
  for (const [text] of query.matchAll(token)) {
    if (!text.startsWith('`')) continue;
    const path = namesIn(text);
    if (path.length === 3 && path[0] === database && path[1] === table) columns.add(path[2] ?? '');
    if (path.length === 2 && aliases.has(path[0] ?? '')) columns.add(path[1] ?? '');
  }
  return columns;
}

/** The names under which a query reads a table: its own where it has no alias. */
function aliasesOf(query: string, database: string, table: string): ReadonlySet<string> {
  const tokens = [...query.matchAll(token)].map(([text]) => text);
  const aliases = new Set<string>();
  for (const [index, text] of tokens.entries()) {
    const path = text.startsWith('`') ? namesIn(text) : [];
    if (path.length !== 2 || path[0] !== database || path[1] !== table) continue;
    const [between = '', next = ''] = [tokens[index + 1], tokens[index + 2]];
    const isAliased = /^\s+(?:as\s+)?$/i.test(between) && next.startsWith('`');
    aliases.add(isAliased ? (namesIn(next)[0] ?? '') : table);
  }
  return aliases;
}

function namesIn(path: string): string[] {
  return [...path.matchAll(/`((?:[^`]|``)*)`/g)].map(([, name = '']) => name.replaceAll('``', '`'));
}

function inBackticks(path: readonly string[]): string {
  return path.map((name) => `\`${name.replaceAll('`', '``')}\``).join('.');
}
