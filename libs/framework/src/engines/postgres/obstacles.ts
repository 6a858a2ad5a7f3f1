import { DatakitError } from '../../errors/datakit-error.ts';
import { touchedTables, type Obstacle, type TouchedTable } from '../obstacle.ts';
import type { Session } from '../session.ts';
import type { StructureChange } from '../structure-change.ts';
import { dependentViews, type DependentView, type Root } from './dependent-views.ts';
import { dependentKeys } from './dependent-keys.ts';
import { quote, quoteLiteral, quoteTable } from './quote.ts';

/**
 * Views, materialized views, rules and foreign keys that the server would refuse a change for. A view is made again as
 * the server shows it, with owner, grants, comments, options, indexes, triggers and rules.
 *
 * @throws DESTRUCTIVE for a view that reads what is dropped, or on which something hangs that cannot be made again
 */
export async function obstacles(session: Session, changes: readonly StructureChange[]): Promise<Obstacle[]> {
  const touched = touchedTables(changes);
  const own = changes.flatMap((change) =>
    change.kind === 'replace view' ? [change.view.view] : change.kind === 'drop view' ? [change.view] : [],
  );
  if (touched.length + own.length === 0) return [];
  const isOwn = ({ table }: DependentView): boolean =>
    own.some((view) => view.schema === table.schema && view.name === table.name);
  const views = await dependentViews(session, [...touched.flatMap(rootsOf), ...changes.flatMap(viewRoot)]);
  refuseLosses(views.filter((view) => !isOwn(view)));
  return [...(await dependentKeys(session, touched, changes)), ...views.map(asObstacle)];
}

/** What reads a view that goes or is made anew is in the way, as it is itself. */
function viewRoot(change: StructureChange): Root[] {
  if (change.kind !== 'replace view' && change.kind !== 'drop view') return [];
  const { schema = 'public', name } = change.kind === 'drop view' ? change.view : change.view.view;
  return [{ schema, table: name, column: null, kind: 'view', isDropped: change.kind === 'drop view' }];
}

function rootsOf({ table, retyped, droppedColumns, changesKey, isDropped }: TouchedTable): Root[] {
  const base = { schema: table.schema ?? 'public', table: table.name, column: null, isDropped: false };
  if (isDropped) return [{ ...base, kind: 'table', isDropped }];
  return [
    ...retyped.map((column): Root => ({ ...base, column, kind: 'column' })),
    ...droppedColumns.map((column): Root => ({ ...base, column, kind: 'column', isDropped: true })),
    ...(changesKey ? [{ ...base, kind: 'key' } as const] : []),
  ];
}

function refuseLosses(views: readonly DependentView[]): void {
  const lost = views.find(({ loses }) => loses.length > 0);
  if (lost) {
    throw new DatakitError({
      code: 'DESTRUCTIVE',
      message: `The plan drops ${lost.loses.join(', ')}, which ${shownView(lost)} reads; nothing was changed.`,
      hint: 'Change or drop that view first, or keep what it reads.',
      details: { objects: lost.loses, view: shownView(lost) },
    });
  }
  const held = views.find(({ fixed }) => fixed.length > 0);
  if (!held) return;
  throw new DatakitError({
    code: 'DESTRUCTIVE',
    message: `The plan must make ${shownView(held)} again, and ${held.fixed.join(', ')} would be lost with it; nothing was changed.`,
    hint: 'Drop that first, deploy, and make it again.',
    details: { view: shownView(held), objects: held.fixed },
  });
}

function shownView({ kind, table, rule }: DependentView): string {
  const name = `${table.schema}.${table.name}`;
  return kind === 'rule' ? `rule ${rule} of ${name}` : `${kind} ${name}`;
}

function asObstacle(view: DependentView): Obstacle {
  const object = shownView(view);
  const name = quoteTable(view.table);
  if (view.kind === 'rule') {
    return {
      object,
      remove: [`drop rule ${quote(view.rule ?? '')} on ${name}`],
      restore: [withoutEnd(view.definition)],
    };
  }
  const dress = attributes(view);
  return {
    object,
    view: view.table,
    remove: [`drop ${view.kind} ${name}`],
    restore: [createView(view), ...dress],
    dress,
  };
}

function createView(view: DependentView): string {
  const options = view.options === null ? '' : ` with (${view.options.map(option).join(', ')})`;
  const tablespace = view.tablespace === null ? '' : ` tablespace ${quote(view.tablespace)}`;
  const data = view.kind === 'view' ? '' : view.populated ? ' with data' : ' with no data';
  return `create ${view.kind} ${quoteTable(view.table)}${options}${tablespace} as\n${withoutEnd(view.definition)}${data}`;
}

/** `security_barrier=true` → `security_barrier = 'true'`. */
function option(text: string): string {
  const at = text.indexOf('=');
  return at === -1 ? text : `${text.slice(0, at)} = ${quoteLiteral(text.slice(at + 1))}`;
}

/** What a view has beside its query. */
function attributes(view: DependentView): string[] {
  const name = quoteTable(view.table);
  const comment = view.kind === 'view' ? 'comment on view' : 'comment on materialized view';
  return [
    ...view.defaults.map(
      ({ column, expression }) => `alter view ${name} alter column ${quote(column)} set default ${expression}`,
    ),
    ...view.extras.map(withoutEnd),
    ...view.comments.map(({ column, text }) =>
      column === null
        ? `${comment} ${name} is ${quoteLiteral(text)}`
        : `comment on column ${name}.${quote(column)} is ${quoteLiteral(text)}`,
    ),
    ...view.grants.map(({ privilege, column, grantee, grantable }) => {
      const what = column === null ? privilege : `${privilege} (${quote(column)})`;
      const to = grantee === null ? 'public' : quote(grantee);
      return `grant ${what} on ${name} to ${to}${grantable ? ' with grant option' : ''}`;
    }),
    // Last, because from then on it is no longer ours to change.
    ...(view.owner === null ? [] : [`alter ${view.kind} ${name} owner to ${quote(view.owner)}`]),
  ];
}

function withoutEnd(sql: string): string {
  return sql.trimEnd().replace(/;$/, '');
}
