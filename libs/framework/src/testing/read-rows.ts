import type { Engine } from '../engines/engine.ts';
import type { EntityColumn } from '../engines/entity-metadata.ts';
import { physicalName } from '../engines/physical-name.ts';
import type { Session } from '../engines/session.ts';
import { bronzeMetadataColumns } from '../model/bronze-metadata.ts';
import type { ColumnType } from '../model/column-type.ts';
import type { AnyEntity } from '../model/entity.ts';
import type { QueryRow } from '../model/query-row.ts';
import type { AnyRow } from './given-rows.ts';
import { tableShape } from './table-shape.ts';

/** A row as tests compare it, the same on every engine: decimals and dates as text, instants as ISO 8601 in UTC. */
export type ReadRow<Entity extends AnyEntity> = {
  [Column in keyof QueryRow<Entity>]: Date extends QueryRow<Entity>[Column]
    ? string | Exclude<QueryRow<Entity>[Column], Date>
    : QueryRow<Entity>[Column];
};

/** Reads a table or a view in the order of its key, without the columns that the database or a load fills by itself. */
export async function readRows(entity: AnyEntity, engine: Engine, session: Session): Promise<AnyRow[]> {
  const { owner, name, columns: all, primaryKey } = tableShape(entity);
  const own: readonly string[] = bronzeMetadataColumns;
  const columns = all.filter((column) => column.maintained === undefined && !own.includes(column.name));
  const list = columns.map((column, place) => `${engine.valueConditions.text(engine.quote(column.name))} as c${place}`);
  const order = (primaryKey.length > 0 ? primaryKey : columns.map((column) => column.name)).map((key) =>
    engine.quote(key),
  );
  const table = engine.quoteTable(physicalName(owner, name, engine));
  const rows = await session.query(`select ${list.join(', ')} from ${table} order by ${order.join(', ')}`);
  return rows.map((row) =>
    Object.fromEntries(columns.map((column, place) => [column.name, valueOf(row[`c${place}`], column)])),
  );
}

function valueOf(text: unknown, { type }: Pick<EntityColumn, 'type'>): unknown {
  return text === null || text === undefined ? null : parsed(String(text), type);
}

function parsed(text: string, { kind }: ColumnType): unknown {
  switch (kind) {
    case 'boolean':
      return ['1', 't', 'true'].includes(text);
    case 'smallint':
    case 'integer':
    case 'real':
    case 'double':
      return Number(text);
    case 'bigint':
      return BigInt(text);
    case 'timestamptz':
    case 'timestamp':
      return instant(text, kind);
    case 'json':
    case 'jsonb':
      return JSON.parse(text) as unknown;
    default:
      return text;
  }
}

function instant(text: string, kind: 'timestamp' | 'timestamptz'): string {
  const [, date, time, digits = ''] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?/.exec(text) ?? [];
  return date === undefined ? text : `${date}T${time}.${digits.padEnd(6, '0')}${kind === 'timestamptz' ? 'Z' : ''}`;
}
