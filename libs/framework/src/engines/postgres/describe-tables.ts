import { plainColumn, type ColumnDescription, type NamedColumns, type TableDescription } from '../table-description.ts';
import type { Session } from '../session.ts';
import { readTables } from './catalogue.ts';

interface DescriptionRow extends Record<string, unknown> {
  readonly name: string;
  readonly is_view: boolean;
  readonly comment: string | null;
  readonly plain_indexes: readonly string[] | null;
  readonly unproven: readonly string[] | null;
  readonly columns: readonly DescribedColumn[] | null;
}

interface DescribedColumn {
  readonly name: string;
  readonly comment: string | null;
  readonly generated: boolean;
  /** Name of the type where somebody made it, and what kind of type it is. */
  readonly own_type: string | null;
  readonly type_kind: string;
  readonly values: readonly string[] | null;
}

/**
 * What `catalogue.ts` does not compare. An index counts as plain where its columns and its method say all of it: no
 * condition, no expression, and only operator classes that every server takes by itself.
 */
const descriptionsQuery = `
  select c.relname as name, c.relkind in ('v', 'm') as is_view, obj_description(c.oid, 'pg_class') as comment,
    (select json_agg(ic.relname) from pg_index i join pg_class ic on ic.oid = i.indexrelid join pg_am am on am.oid = ic.relam
      where i.indrelid = c.oid and not i.indisprimary and i.indisvalid and i.indpred is null and i.indexprs is null
        and (am.amname = 'btree' or not exists (select from unnest(i.indclass::oid[]) as used (oid)
          join pg_opclass o on o.oid = used.oid where not o.opcdefault or o.opcnamespace <> 'pg_catalog'::regnamespace)
          and not exists (select from unnest(i.indkey::int2[]) as used (attnum)
            join pg_attribute a on a.attrelid = c.oid and a.attnum = used.attnum join pg_type t on t.oid = a.atttypid
            where t.typnamespace <> 'pg_catalog'::regnamespace))
    ) as plain_indexes,
    (select json_agg(f.conname) from pg_constraint f
      where f.conrelid = c.oid and f.contype = 'f' and not f.convalidated) as unproven,
    (select json_agg(json_build_object('name', a.attname, 'comment', col_description(c.oid, a.attnum),
        'generated', a.attgenerated <> '', 'type_kind', case when e.oid is null then t.typtype else e.typtype end,
        'own_type', case when coalesce(e.typnamespace, t.typnamespace) <> 'pg_catalog'::regnamespace
          then coalesce(e.typname, t.typname) end,
        'values', (select json_agg(v.enumlabel order by v.enumsortorder) from pg_enum v where v.enumtypid = t.oid))
        order by a.attnum)
      from pg_attribute a join pg_type t on t.oid = a.atttypid
      left join pg_type e on e.typarray = t.oid
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = ? and c.relname = any (?::text[]) and c.relkind in ('r', 'p', 'v', 'm', 'f')`;

/** Types of extensions and of people are not on every server; what is not in `pg_catalog` is taken as text. */
const foreignTypesQuery = `
  select name from unnest(?::text[]) as wanted (name)
  where (select t.typnamespace from pg_type t where t.oid = to_regtype(wanted.name)) is distinct from 'pg_catalog'::regnamespace`;

/** Describes tables and views of a schema, whose columns a connector has listed. */
export async function describeTables(
  session: Session,
  schema: string,
  tables: readonly NamedColumns[],
): Promise<TableDescription[]> {
  const names = tables.map(({ name }) => name);
  const rows = await session.query<DescriptionRow>(descriptionsQuery, [schema, names]);
  const structures = await readTables(
    session,
    names.map((name) => ({ schema, name })),
  );
  const foreignTypes = await findForeignTypes(session, tables);
  return tables.map(({ name, columns }) => {
    const row = rows.find((each) => each.name === name);
    const structure = structures.find(({ table }) => table.name === name);
    const plain = row?.plain_indexes ?? [];
    return {
      name,
      kind: row?.is_view ? 'view' : 'table',
      ...(row?.comment ? { comment: row.comment } : {}),
      columns: columns.map((column) => {
        const described = row?.columns?.find((each) => each.name === column.name);
        const text = structure?.columns.find((each) => each.name === column.name)?.default ?? undefined;
        return {
          ...plainColumn(column),
          ...(column.type.kind === 'named' && foreignTypes.has(column.type.name)
            ? { type: { kind: 'text' } as const }
            : {}),
          ...(described ? details(described, text) : {}),
        };
      }),
      primaryKey: structure?.primaryKey ?? [],
      indexes: (structure?.indexes ?? []).filter((index) => plain.includes(index.name)),
      otherIndexes: (structure?.indexes ?? []).map((index) => index.name).filter((index) => !plain.includes(index)),
      foreignKeys: (structure?.foreignKeys ?? [])
        .filter((key) => !row?.unproven?.includes(key.name))
        .map(({ columns: own, references }) => ({
          columns: own,
          parent: references.table,
          parentColumns: references.columns,
        })),
    };
  });
}

function details(described: DescribedColumn, text: string | undefined): Partial<ColumnDescription> {
  const { comment, generated, values } = described;
  const note = noteOn(described, text);
  return {
    ...(comment ? { comment } : {}),
    ...(values ? { values } : {}),
    ...(note === undefined ? {} : { note }),
    // Where the source counts, its sequence stays there.
    ...(text === undefined || generated || /\bnextval\(/.test(text) ? {} : { default: text }),
  };
}

const kinds: Readonly<Record<string, string>> = { e: 'enum', d: 'domain', c: 'composite' };

function noteOn({ generated, own_type, type_kind }: DescribedColumn, text: string | undefined): string | undefined {
  if (generated) return `The source computes it: ${text ?? 'by an expression'}.`;
  if (own_type === null) return undefined;
  const kind = kinds[type_kind];
  return kind === undefined || kind === 'composite'
    ? `The ${kind ?? 'type'} \`${own_type}\` of the source, as its text.`
    : `The ${kind} \`${own_type}\` of the source, as its base type.`;
}

async function findForeignTypes(session: Session, tables: readonly NamedColumns[]): Promise<ReadonlySet<string>> {
  const named = tables.flatMap(({ columns }) =>
    columns.flatMap(({ type }) => (type.kind === 'named' ? type.name : [])),
  );
  if (named.length === 0) return new Set();
  const rows = await session.query<{ name: string }>(foreignTypesQuery, [[...new Set(named)]]);
  return new Set(rows.map(({ name }) => name));
}
