import { formatColumnType, type ColumnType } from './column-type.ts';

const builders: Readonly<Partial<Record<ColumnType['kind'], string>>> = {
  boolean: 'p.boolean()',
  smallint: 'p.smallint()',
  integer: 'p.integer()',
  bigint: 'p.bigint()',
  real: 'p.float()',
  double: 'p.double()',
  text: 'p.text()',
  uuid: 'p.uuid()',
  date: 'p.date()',
  jsonb: 'p.json()',
  bytea: 'p.blob()',
};

/** The line that declares a column in an entity: `rating: p.text().nullable(),` */
export function propertyLine(name: string, type: ColumnType, nullable = true): string {
  const property = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  return `${property}: ${builderOf(type)}${nullable ? '.nullable()' : ''},`;
}

function builderOf(type: ColumnType): string {
  if (type.kind === 'numeric' && type.precision !== undefined) {
    return `p.decimal().precision(${type.precision}).scale(${type.scale ?? 0})`;
  }
  if (type.kind === 'varchar' && type.length !== undefined) return `p.string().length(${type.length})`;
  if (type.kind === 'timestamptz' && type.precision === undefined) return 'p.datetime(6)';
  return builders[type.kind] ?? `p.string().columnType('${formatColumnType(type)}')`;
}
