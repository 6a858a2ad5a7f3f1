import type { Session } from '../session.ts';
import type { RenamedTable } from '../structure-change.ts';
import type { Flavour } from './flavour.ts';
import { quote } from './quote.ts';

type ColumnRenames = RenamedTable['columns'];

/**
 * The clauses around a rename of columns that let checks follow it. MySQL refuses to rename a column that a check uses
 * (3959) unless the same statement drops the check; MariaDB writes the new name into it.
 */
export async function checksAround(
  session: Session,
  { from, columns }: Pick<RenamedTable, 'from' | 'columns'>,
  flavour: Flavour,
): Promise<{ readonly before: readonly string[]; readonly after: readonly string[] }> {
  if (flavour.checksFollowColumns || columns.length === 0) return { before: [], after: [] };
  const checks = await session.query<{ name: string; expression: string; enforced: string }>(
    `select c.constraint_name as name, c.check_clause as expression, t.enforced as enforced
     from information_schema.check_constraints c join information_schema.table_constraints t
       on t.constraint_schema = c.constraint_schema and t.constraint_name = c.constraint_name and t.constraint_type = 'CHECK'
     where t.constraint_schema = database() and t.table_name = ? order by 1`,
    [from.name],
  );
  const touched = checks.flatMap(({ name, expression, enforced }) => {
    const text = unescaped(expression);
    const renamed = withRenamedColumns(text, columns);
    const tail = enforced === 'NO' ? ' not enforced' : '';
    return renamed === text ? [] : [{ name, clause: `add constraint ${quote(name)} check (${renamed})${tail}` }];
  });
  return {
    before: touched.map(({ name }) => `drop check ${quote(name)}`),
    after: touched.map(({ clause }) => clause),
  };
}

/** The catalogue shows an expression as a literal would hold it: `_utf8mb4\'a\'`. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}

/** Columns stand between backticks; what looks like one inside of a text is none. */
export function withRenamedColumns(expression: string, columns: ColumnRenames): string {
  const renames = new Map(columns.map(({ from, to }) => [quote(from), quote(to)]));
  return expression.replaceAll(/'(?:[^'\\]|\\.|'')*'|`(?:[^`]|``)*`/gs, (token) => renames.get(token) ?? token);
}
