import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';
import { withQualifiedNames } from './qualified-names.ts';

/** A view (or a rule of a table) that hangs on something, with all that hangs on itself. */
export interface DependentView {
  readonly oid: string;
  readonly kind: 'view' | 'materialized view' | 'rule';
  readonly table: TableName;
  /** Name of the rule, where it is one. */
  readonly rule: string | null;
  readonly definition: string;
  readonly options: readonly string[] | null;
  readonly populated: boolean;
  readonly tablespace: string | null;
  readonly owner: string | null;
  readonly grants: readonly { privilege: string; column: string | null; grantee: string | null; grantable: boolean }[];
  readonly comments: readonly { column: string | null; text: string }[];
  readonly defaults: readonly { column: string; expression: string }[];
  /** Indexes, triggers and rules, as the statements that make them. */
  readonly extras: readonly string[];
  /** Oids of the views that it reads. */
  readonly reads: readonly string[];
  /** Dropped things that it reads itself, for people. */
  readonly loses: readonly string[];
  /** What hangs on it and cannot be made again from the catalogue: functions, policies. */
  readonly fixed: readonly string[];
}

/** Where a search begins: a table's column, its key, or the table as a whole. */
export interface Root {
  readonly schema: string;
  readonly table: string;
  readonly column: string | null;
  readonly kind: 'column' | 'key' | 'table' | 'view';
  readonly isDropped: boolean;
}

/**
 * `on_roots` are the rules that read a root; a view is a rule, and what hangs on a view is in the way as well, whatever
 * column of it is read, because the view is dropped and made again.
 */
const dependantsQuery = `
  with recursive root as (
    select c.oid as relation, r.kind, r.is_dropped, coalesce(a.attnum, 0) as attnum, r.label
    from jsonb_to_recordset(?::jsonb) as r (schema text, "table" text, "column" text, kind text, is_dropped boolean, label text)
    join pg_namespace n on n.nspname = r.schema join pg_class c on c.relnamespace = n.oid and c.relname = r."table"
    left join pg_attribute a on a.attrelid = c.oid and a.attname = r."column" and not a.attisdropped
    where r.kind <> 'column' or a.attnum is not null),
  on_roots as (
    select w.oid as rule, w.ev_class as relation, root.label, root.is_dropped
    from root join pg_depend d on d.classid = 'pg_rewrite'::regclass and (
        d.refclassid = 'pg_class'::regclass and d.refobjid = root.relation
          and (root.kind in ('table', 'view') or root.kind = 'column' and d.refobjsubid = root.attnum)
        or d.refclassid = 'pg_constraint'::regclass and root.kind = 'key'
          and d.refobjid in (select k.oid from pg_constraint k where k.conrelid = root.relation and k.contype = 'p'))
    join pg_rewrite w on w.oid = d.objid
    where w.ev_class <> root.relation or w.rulename <> '_RETURN' and root.kind <> 'table'),
  found as (
    select rule, relation from on_roots
    union
    select w.oid, w.ev_class from root join pg_rewrite w on w.ev_class = root.relation and w.rulename = '_RETURN' where root.kind = 'view'
    union
    select w.oid, w.ev_class
    from found join pg_class v on v.oid = found.relation and v.relkind in ('v', 'm')
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = found.relation
    join pg_rewrite w on w.oid = d.objid where w.ev_class <> found.relation)
  select distinct on (thing.oid) thing.oid::text as oid, thing.kind, n.nspname as schema, c.relname as name,
    case when thing.kind = 'rule' then w.rulename end as rule,
    case when thing.kind = 'rule' then pg_get_ruledef(w.oid) else rtrim(pg_get_viewdef(c.oid), ';') end as definition,
    c.reloptions as options, c.relispopulated as populated, t.spcname as tablespace,
    case when c.relowner <> current_user::regrole then pg_get_userbyid(c.relowner) end as owner,
    coalesce((select jsonb_agg(jsonb_build_object('privilege', x.privilege_type, 'column', x.attname,
        'grantee', case when x.grantee <> 0 then pg_get_userbyid(x.grantee) end, 'grantable', x.is_grantable) order by x.position, x.grantee, x.privilege_type)
      from (select 0 as position, null::name as attname, e.* from aclexplode(c.relacl) e
        union all select a.attnum, a.attname, e.* from pg_attribute a, aclexplode(a.attacl) e where a.attrelid = c.oid) x
      where x.grantee <> c.relowner), '[]') as grants,
    coalesce((select jsonb_agg(jsonb_build_object('column', a.attname, 'text', d.description) order by d.objsubid)
      from pg_description d left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
      where d.classoid = 'pg_class'::regclass and d.objoid = c.oid), '[]') as comments,
    coalesce((select jsonb_agg(jsonb_build_object('column', a.attname, 'expression', pg_get_expr(f.adbin, f.adrelid)) order by a.attnum)
      from pg_attrdef f join pg_attribute a on a.attrelid = f.adrelid and a.attnum = f.adnum where f.adrelid = c.oid), '[]') as defaults,
    coalesce((select jsonb_agg(e.statement order by e.place, e.statement) from (
        select 1 as place, pg_get_indexdef(i.indexrelid) as statement from pg_index i where i.indrelid = c.oid
        union all select 2, format('alter materialized view %s cluster on %I', c.oid::regclass, x.relname)
          from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and i.indisclustered
        union all select 3, pg_get_statisticsobjdef(s.oid) from pg_statistic_ext s where s.stxrelid = c.oid
        union all select 4, pg_get_triggerdef(g.oid) from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal
        union all select 5, format('alter table %s disable trigger %I', c.oid::regclass, g.tgname)
          from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal and g.tgenabled = 'D'
        union all select 6, pg_get_ruledef(o.oid) from pg_rewrite o where o.ev_class = c.oid and o.rulename <> '_RETURN'
        union all select 7, format('comment on index %s is %L', i.indexrelid::regclass, obj_description(i.indexrelid, 'pg_class'))
          from pg_index i where i.indrelid = c.oid and obj_description(i.indexrelid, 'pg_class') is not null
      ) e where thing.kind <> 'rule'), '[]') as extras,
    coalesce((select jsonb_agg(distinct d.refobjid::text) from pg_depend d join found f on f.relation = d.refobjid
      where d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> c.oid), '[]') as reads,
    coalesce((select jsonb_agg(distinct o.label order by o.label) from on_roots o where o.rule = w.oid and o.is_dropped), '[]') as loses,
    coalesce((select jsonb_agg(distinct pg_describe_object(d.classid, d.objid, 0))
      from pg_depend d where thing.kind <> 'rule' and d.deptype = 'n'
        and (d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid or d.refclassid = 'pg_type'::regclass and d.refobjid in (c.reltype, (select y.typarray from pg_type y where y.oid = c.reltype)))
        and (d.classid not in ('pg_rewrite'::regclass, 'pg_trigger'::regclass, 'pg_attrdef'::regclass, 'pg_statistic_ext'::regclass)
          and not exists (select from pg_index i where d.classid = 'pg_class'::regclass and i.indexrelid = d.objid and i.indrelid = c.oid)
        )), '[]') as fixed
  from found join pg_class c on c.oid = found.relation join pg_namespace n on n.oid = c.relnamespace
  join pg_rewrite w on w.oid = found.rule
  left join pg_tablespace t on t.oid = c.reltablespace
  cross join lateral (select case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'rule' end as kind,
    case when c.relkind in ('v', 'm') then c.oid else w.oid end as oid) thing
  where thing.kind = 'rule' or w.rulename = '_RETURN'
  order by thing.oid`;

/** Finds what reads the roots, directly or through other views; those that are read come first. */
export async function dependentViews(session: Session, roots: readonly Root[]): Promise<DependentView[]> {
  if (roots.length === 0) return [];
  const given = roots.map(({ isDropped, ...root }) => ({
    ...root,
    is_dropped: isDropped,
    label: root.column === null ? root.table : `${root.table}.${root.column}`,
  }));
  type Found = Omit<DependentView, 'table'> & { schema: string; name: string };
  const rows = await withQualifiedNames(session, () => session.query(dependantsQuery, [JSON.stringify(given)]));
  const views = (rows as unknown as Found[]).map(({ schema, name, ...rest }): DependentView => ({
    ...rest,
    table: { schema, name },
  }));
  return inDependencyOrder(views);
}

function inDependencyOrder(views: readonly DependentView[]): DependentView[] {
  const byOid = new Map(views.map((view) => [view.oid, view]));
  const ordered = new Set<DependentView>();
  const visit = (view: DependentView): void => {
    if (ordered.has(view)) return;
    for (const oid of view.reads) {
      const read = byOid.get(oid);
      if (read) visit(read);
    }
    ordered.add(view);
  };
  for (const view of views) visit(view);
  return [...ordered];
}
