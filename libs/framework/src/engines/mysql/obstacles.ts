import { DatakitError } from '../../errors/datakit-error.ts';
import { touchedTables, type Obstacle, type TouchedTable } from '../obstacle.ts';
import type { Session } from '../session.ts';
import type { StructureChange } from '../structure-change.ts';
import type { ForeignKeyStructure } from '../table-structure.ts';
import { addForeignKey } from './definitions.ts';
import { liveViews } from './live-views.ts';
import { quote } from './quote.ts';
import { renamedViews } from './renamed-views.ts';
import { columnsRead } from './view-text.ts';

interface LiveKey {
  readonly table: string;
  readonly foreignKey: ForeignKeyStructure;
}

/**
 * Foreign keys whose columns, on either side, get another type or lose the key that they point to: the server changes
 * no such column while the relation is there, not even with `foreign_key_checks` off. Views are texts and stay.
 *
 * @throws DESTRUCTIVE for a view that reads what goes, and for a foreign key whose other side stays as it is
 */
export async function obstacles(session: Session, changes: readonly StructureChange[]): Promise<Obstacle[]> {
  await refuseLostViews(session, changes);
  const touched = touchedTables(changes).filter(
    ({ retyped, changesKey, isDropped }) => retyped.length > 0 || changesKey || isDropped,
  );
  const renamed = await renamedViews(session, changes);
  if (touched.length === 0) return renamed;
  const keys = await readKeys(
    session,
    touched.map(({ table }) => table.name),
  );
  const inTheWay = keys.filter((key) => touched.some((each) => hangsOn(key, each)) && !isDroppedAnyway(key, changes));
  for (const key of inTheWay) refuseForeign(key, touched);
  const relations = inTheWay.map(({ table, foreignKey }) => ({
    object: `foreign key ${foreignKey.name} of ${table}`,
    remove: [`alter table ${quote(table)} drop foreign key ${quote(foreignKey.name)}`],
    restore: [addForeignKey({ name: table }, foreignKey)],
  }));
  return [...relations, ...renamed];
}

/** A view keeps its text when a column or a table goes, and fails from then on. */
async function refuseLostViews(session: Session, changes: readonly StructureChange[]): Promise<void> {
  const losing = touchedTables(changes).filter(
    ({ droppedColumns, isDropped }) => isDropped || droppedColumns.length > 0,
  );
  if (losing.length === 0) return;
  const { database, views } = await liveViews(session);
  for (const { table, droppedColumns, isDropped } of losing) {
    for (const view of views) {
      const read = columnsRead(view.query, database, table.name);
      const lost = droppedColumns.filter((column) => read?.has(column)).map((column) => `${table.name}.${column}`);
      const objects = read && isDropped ? [table.name] : lost;
      if (objects.length > 0) throw losesItsGround(view.name, objects);
    }
  }
}

function losesItsGround(view: string, objects: readonly string[]): DatakitError {
  return new DatakitError({
    code: 'DESTRUCTIVE',
    message: `The plan drops ${objects.join(', ')}, which view ${view} reads; nothing was changed.`,
    hint: 'Change or drop that view first, or keep what it reads.',
    details: { objects, view },
  });
}

function hangsOn({ table, foreignKey }: LiveKey, touched: TouchedTable): boolean {
  const isChild = table === touched.table.name && foreignKey.columns.some((name) => touched.retyped.includes(name));
  const isParent =
    foreignKey.references.table.name === touched.table.name &&
    (touched.isDropped ||
      touched.changesKey ||
      foreignKey.references.columns.some((name) => touched.retyped.includes(name)));
  return isChild || isParent;
}

function isDroppedAnyway({ table, foreignKey }: LiveKey, changes: readonly StructureChange[]): boolean {
  return changes.some(
    (change) =>
      (change.kind === 'drop table' && change.table.name === table) ||
      (change.kind === 'alter table' &&
        change.from.table.name === table &&
        change.parts.some((part) => part.kind === 'drop foreign key' && part.foreignKey.name === foreignKey.name)),
  );
}

/** Statements commit by themselves here: a relation that cannot be made again would be lost for good. */
function refuseForeign({ table, foreignKey }: LiveKey, touched: readonly TouchedTable[]): void {
  const { references, columns } = foreignKey;
  if (touched.some((each) => each.isDropped && each.table.name === references.table.name)) {
    throw new DatakitError({
      code: 'DESTRUCTIVE',
      message: `The plan drops ${references.table.name}, to which the foreign key ${foreignKey.name} of ${table} points; nothing was changed.`,
      hint: 'Drop that foreign key first, or keep the table.',
      details: { objects: [references.table.name], foreignKey: foreignKey.name },
    });
  }
  const retyped = (name: string, column: string): boolean =>
    touched.some((each) => each.table.name === name && each.retyped.includes(column));
  const misfit = columns.find(
    (column, at) => retyped(table, column) !== retyped(references.table.name, references.columns[at] ?? ''),
  );
  if (misfit === undefined) return;
  throw new DatakitError({
    code: 'DESTRUCTIVE',
    message: `The plan changes the type of one side of the foreign key ${foreignKey.name}, ${table}.${misfit} → ${references.table.name}, and not of the other; nothing was changed.`,
    hint: 'Drop that foreign key first, or change both columns.',
    details: { table, foreignKey: foreignKey.name },
  });
}

async function readKeys(session: Session, tables: readonly string[]): Promise<LiveKey[]> {
  const marks = tables.map(() => '?').join(', ');
  const columns = await session.query<{ child: string; name: string; own: string; parent: string; theirs: string }>(
    `select table_name as child, constraint_name as name, column_name as own, referenced_table_name as parent,
       referenced_column_name as theirs
     from information_schema.key_column_usage
     where table_schema = database() and referenced_table_schema = database()
       and (table_name in (${marks}) or referenced_table_name in (${marks}))
     order by table_name, constraint_name, ordinal_position`,
    [...tables, ...tables],
  );
  if (columns.length === 0) return [];
  const rules = await session.query<{ child: string; name: string; onDelete: string; onUpdate: string }>(
    `select table_name as child, constraint_name as name, lower(delete_rule) as onDelete, lower(update_rule) as onUpdate
     from information_schema.referential_constraints where constraint_schema = database()`,
  );
  return [...Map.groupBy(columns, ({ child, name }) => `${child}\0${name}`).values()].map((parts): LiveKey => {
    const { child, name, parent } = parts[0] as (typeof columns)[number];
    const rule = rules.find((each) => each.child === child && each.name === name);
    return {
      table: child,
      foreignKey: {
        name,
        columns: parts.map(({ own }) => own),
        references: { table: { name: parent }, columns: parts.map(({ theirs }) => theirs) },
        onDelete: rule?.onDelete ?? 'no action',
        onUpdate: rule?.onUpdate ?? 'no action',
      },
    };
  });
}
