/**
 * SQL for the type of a value as people declare it. Enums become text and domains what they are made of, through as many
 * domains and arrays as there are. So does all that means something in its own database alone: composites, arrays of
 * types that somebody made (their binary form holds the type's number), and names of objects (`regclass` is a number, too).
 *
 * @param type SQL of the type's oid
 * @param modifier SQL of its modifier, the size
 * @returns a query of one row and one column, `type`
 */
export function baseType(type: string, modifier: string): string {
  return `
    with recursive base as (
      select t.oid, t.typtype, t.typbasetype, t.typsend, t.typname, t.typnamespace, ${modifier} as typmod, '' as suffix
      from pg_type t where t.oid = ${type}
      union all
      select n.oid, n.typtype, n.typbasetype, n.typsend, n.typname, n.typnamespace, case when b.typtype = 'd' then d.typtypmod else b.typmod end,
        b.suffix || case when b.typtype = 'd' then '' else '[]' end
      from base b join pg_type d on d.oid = b.oid
        join pg_type n on case when b.typtype = 'd' then n.oid = b.typbasetype else n.typarray = b.oid end)
    select case when base.typtype in ('e', 'c') or base.typsend = 0 or base.typname ~ '^reg(class|proc|oper|type|role|namespace|config|dictionary|collation)'
        or (base.suffix <> '' and base.typnamespace <> 'pg_catalog'::regnamespace) then 'text' else format_type(base.oid, base.typmod) end || base.suffix as type
    from base where base.typtype <> 'd' and not exists (select from pg_type e where e.typarray = base.oid)`;
}
