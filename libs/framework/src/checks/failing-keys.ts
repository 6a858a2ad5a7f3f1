import type { Engine } from '../engines/engine.ts';
import type { Row, Session } from '../engines/session.ts';
import type { Check } from './check.ts';

/** Keys of some rows that fail a check, one text a row: `film_id=5`. Empty where it is no row that fails. */
export async function failingKeys(check: Check, limit: number, engine: Engine, session: Session): Promise<string[]> {
  const { way, table } = check;
  const key = table.structure.primaryKey;
  if (way.by === 'count' || way.by === 'newest') return [];
  if (way.by === 'statement' && way.shown === 'none') return [];
  if (way.by === 'statement' && way.shown === 'all') {
    return (await session.query<Row>(`${way.rowsQuery('*')} limit ${limit}`)).map(keyText);
  }
  if (key.length === 0) return [];
  // As texts: drivers round, or refuse, what JavaScript's numbers cannot hold.
  const selected = key
    .map((name) => `${engine.valueConditions.text(`checked.${engine.quote(name)}`)} as ${engine.quote(name)}`)
    .join(', ');
  const query =
    way.by === 'statement'
      ? way.rowsQuery(selected)
      : `select ${selected} from ${engine.quoteTable(table.structure.table)} as checked where ${way.failing}`;
  return (await session.query<Row>(`${query} limit ${limit}`)).map(keyText);
}

function keyText(row: Row): string {
  return Object.entries(row)
    .map(([name, value]) => `${name}=${value === null ? 'null' : String(value)}`)
    .join(', ');
}
