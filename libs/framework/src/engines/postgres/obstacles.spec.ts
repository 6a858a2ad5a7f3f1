import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres } from '../../testing/index.ts';
import type { Session } from '../session.ts';
import type { StructureChange, TablePart } from '../structure-change.ts';
import type { ColumnStructure } from '../table-structure.ts';
import { statementsFor } from './change-statements.ts';
import { connect } from './connect.ts';
import { obstacles } from './obstacles.ts';

const table = { schema: 'shop', name: 'film' };
const column = (name: string, type: string): ColumnStructure => ({
  name,
  type,
  nullable: true,
  default: null,
  identity: false,
});

/** Makes everything that can hang on a view, and more than one role to own and read it. */
const made = `
  create role alice; create role bob; grant alice, bob to current_user;
  create schema shop; create schema reports; grant all on schema shop, reports to alice, bob;
  create table shop.film (id integer primary key, length smallint, title text);
  insert into shop.film values (1, 90, 'A'), (2, 120, 'B'), (3, 150, 'C');
  grant select on shop.film to alice, bob;
  create view reports.lengths (film, minutes) with (security_barrier, check_option = local) as
    select id, length from shop.film where length > 100;
  alter view reports.lengths owner to alice;
  set role alice;
  grant select, update (minutes) on reports.lengths to bob with grant option;
  grant select on reports.lengths to public;
  reset role;
  comment on view reports.lengths is 'it''s a "view" \\ with; signs';
  comment on column reports.lengths.minutes is 'in minutes';
  alter view reports.lengths alter column minutes set default 7;
  create function reports.refuse() returns trigger language plpgsql as $$ begin return null; end $$;
  create trigger refuse instead of delete on reports.lengths for each row execute function reports.refuse();
  create rule note as on insert to reports.lengths do instead nothing;
  create materialized view reports.total as select sum(minutes) as total, count(*) from reports.lengths with data;
  create unique index total_index on reports.total (total);
  comment on index reports.total_index is 'unique';
  comment on materialized view reports.total is 'kept';
  grant select on reports.total to bob;
  create materialized view reports.empty as select * from reports.lengths with no data;
  create view reports.both as select l.film, t.total, f.title from reports.lengths l, reports.total t, shop.film f where f.id = l.film;
  create view reports.titles as select title from shop.film;
  create view reports.grouped as select f.*, count(*) as n from shop.film f group by f.id;
  create recursive view reports.numbers (n) as select 1 union all select n + 1 from numbers join shop.film on length = n where n < 5`;

/** All that the catalogue knows of the views, without numbers that are new for a new object. */
const catalogue = `
  select c.relname, c.relkind, pg_get_viewdef(c.oid) as definition, c.reloptions, c.relispopulated, pg_get_userbyid(c.relowner) as owner,
    (select array_agg(x::text order by x::text) from unnest(c.relacl) x) as grants,
    (select array_agg(a.attname || coalesce(a.attacl::text, '') || coalesce(col_description(c.oid, a.attnum), '')
      || coalesce((select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = c.oid and d.adnum = a.attnum), '') order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as columns,
    obj_description(c.oid, 'pg_class') as comment,
    (select array_agg(pg_get_triggerdef(t.oid)) from pg_trigger t where t.tgrelid = c.oid) as triggers,
    (select array_agg(pg_get_ruledef(r.oid) order by r.rulename) from pg_rewrite r where r.ev_class = c.oid and r.rulename <> '_RETURN') as rules,
    (select array_agg(pg_get_indexdef(i.indexrelid) || coalesce(obj_description(i.indexrelid, 'pg_class'), '')) from pg_index i where i.indrelid = c.oid) as indexes
  from pg_class c where c.relnamespace = 'reports'::regnamespace and c.relkind in ('v', 'm') order by c.relname`;

describe('views in the way of a change on PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let session: Session;
  beforeAll(async () => {
    server = await startPostgres({ version: 'embedded' });
    const { host, port, user, password } = server;
    session = await connect({ engine: 'postgres', host, port, user, password, database: 'postgres' });
    await session.execute(made);
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await server.stop();
  });

  const change = (...parts: TablePart[]): StructureChange => {
    const from = { table, columns: [], primaryKey: ['id'], indexes: [], foreignKeys: [], checks: [], triggers: [] };
    return { kind: 'alter table', from, to: from, parts };
  };
  const retype: TablePart = {
    kind: 'change type',
    from: column('length', 'smallint'),
    to: column('length', 'integer'),
  };

  it('are as before when a column gets another type, and those that do not read it are not touched', async () => {
    const before = await session.query(catalogue);
    const found = await obstacles(session, [change(retype)]);
    expect(found.map(({ object }) => object)).toEqual(
      expect.arrayContaining([
        'view reports.lengths',
        'materialized view reports.total',
        'materialized view reports.empty',
        'view reports.both',
        'view reports.grouped',
        'view reports.numbers',
      ]),
    );
    expect(found).toHaveLength(6);
    await session.execute('begin');
    for (const { remove } of [...found].reverse()) for (const sql of remove) await session.execute(sql);
    for (const { sql } of await statementsFor(session, change(retype))) await session.execute(sql);
    for (const { restore } of found) for (const sql of restore) await session.execute(sql);
    await session.execute('commit');
    expect(await session.query(catalogue)).toEqual(before);
    expect(await server.psql('postgres', 'select total, count from reports.total')).toBe('270\t2');
    expect(
      await session.query(
        `select atttypid::regtype::text as type from pg_attribute where attrelid = 'reports.lengths'::regclass and attname = 'minutes'`,
      ),
    ).toEqual([{ type: 'integer' }]);
  });

  it('are found for a key that changes, too', async () => {
    const key: TablePart = { kind: 'change primary key', from: ['id'], to: ['id', 'title'] };
    expect((await obstacles(session, [change(key)])).map(({ object }) => object)).toEqual(['view reports.grouped']);
  });

  it('are none for a column that comes, a default or an index', async () => {
    const parts: TablePart[] = [
      { kind: 'add column', column: column('rating', 'text') },
      {
        kind: 'change default',
        from: column('length', 'smallint'),
        to: { ...column('length', 'smallint'), default: '1' },
      },
    ];
    expect(await obstacles(session, [change(...parts)])).toEqual([]);
  });

  it('are refused to be lost, with what hangs on them', async () => {
    const drop: TablePart = { kind: 'drop column', column: column('title', 'text') };
    await expect(obstacles(session, [change(drop)])).rejects.toMatchObject({
      code: 'DESTRUCTIVE',
      message: expect.stringMatching(/film\.title, which view reports\.\w+ reads/),
    });
    await expect(obstacles(session, [{ kind: 'drop table', table }])).rejects.toMatchObject({ code: 'DESTRUCTIVE' });
    await session.execute(
      `create function reports.of_view() returns setof reports.lengths language sql as 'select * from reports.lengths'`,
    );
    await expect(obstacles(session, [change(retype)])).rejects.toMatchObject({
      code: 'DESTRUCTIVE',
      message: expect.stringContaining('reports.of_view()'),
    });
    await session.execute('drop function reports.of_view()');
  });
});
