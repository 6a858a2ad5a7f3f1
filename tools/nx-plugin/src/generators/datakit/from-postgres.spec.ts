import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { RealWorkspace, type CommandResult } from '../../testing/real-workspace.ts';

const fixture = join(import.meta.dirname, '../../testing/odd-shop.postgres.sql');
const generate = ['g', '@datakit/nx:datakit', 'bronze-shop', '--from=${SHOP_URL}', '--skipInstall'];

function expectSuccess({ exitCode, output }: CommandResult): void {
  expect([exitCode, exitCode === 0 ? '' : output]).toEqual([0, '']);
}

// One after another: a database becomes a datakit, and the datakit is used.
describeWith(['postgres'], 'a datakit from a PostgreSQL of every kind of table', () => {
  let server: TestPostgres;
  let workspace: RealWorkspace;
  let generated: CommandResult;
  beforeAll(async () => {
    server = await startPostgres();
    await server.psql('postgres', 'create database shop');
    await server.psql('shop', readFileSync(fixture, 'utf8'));
    workspace = new RealWorkspace({
      SHOP_URL: server.url('shop'),
      PGPASSWORD: server.password,
    });
    generated = await workspace.nx(...generate);
  }, 480_000);
  afterAll(async () => {
    workspace?.[Symbol.dispose]();
    await server?.stop();
  });

  test('it is generated, and what was left out is said', async () => {
    expectSuccess(generated);
    expect(generated.output).toContain('active_customer, order_count');
    expect(generated.output).toContain('for sales make another one');
    const index = workspace.read('libs/bronze-shop/src/index.ts');
    expect(index).toContain("source: postgresSource({ system: 'shop', url: '${SHOP_URL}', schema: 'public' })");
    expect(Object.values(workspace.files('libs')).join('\n')).not.toContain(server.password);
    expect(workspace.read('libs/bronze-shop/package.json')).toContain('"@acme/bronze-shop"');
  });

  test('lint, typecheck and its own test pass', async () => {
    expectSuccess(await workspace.nx('run-many', '-t', 'lint,typecheck,test', '-p', 'bronze-shop'));
  }, 480_000);

  test('a second run changes nothing', async () => {
    const before = workspace.files('libs');
    const again = await workspace.nx(...generate);
    expectSuccess(again);
    expect(again.output).not.toMatch(/^(CREATE|UPDATE|DELETE)/m);
    expect(workspace.files('libs')).toEqual(before);
  }, 480_000);

  test('it loads into SQLite, and is valid there', async () => {
    expectSuccess(await workspace.nx('run', 'bronze-shop:ingest'));
    expectSuccess(await workspace.nx('run', 'bronze-shop:validate'));
  }, 480_000);

  test('it loads into PostgreSQL, every column of its type and every row as it is', async () => {
    const url = new URL(server.url('shop'));
    const target = `--url=postgresql://${url.username}@${url.host}/shop`;
    expectSuccess(await workspace.nx('run', 'bronze-shop:ingest', target));
    expectSuccess(await workspace.nx('run', 'bronze-shop:validate', target));
    expect(await server.psql('shop', differentTypes)).toBe(
      [
        'customer.email\tcitext\ttext',
        'customer.feeling\tmood\ttext',
        'customer.moods\tmood[]\ttext[]',
        'customer.place\tpair\ttext',
        'customer.range\tspan\ttext',
        'customer.level\tpositive\tinteger',
        'customer.code\tshort_code\tcharacter varying(8)',
        'event.kind\tmood\ttext',
      ]
        .sort()
        .join('\n'),
    );
    const comparisons = await server.psql('shop', comparisonsQuery);
    expect(comparisons.split('\n').length).toBeGreaterThan(25);
    const rows = await server.psql('shop', comparisons.split('\n').join(' union all '));
    expect(rows.split('\n').filter((line) => !line.endsWith('\t0'))).toEqual([]);
  }, 480_000);

  test('what changed in the source is shown and applied, and what somebody wrote stays', async () => {
    const edit = (path: string, from: string, to: string): void => {
      const text = workspace.read(path);
      expect(text).toContain(from);
      workspace.write(path, text.replace(from, to));
    };
    const [customer, country, index] = ['customer', 'country', 'index'].map(
      (name) => `libs/bronze-shop/src/${name}.ts`,
    );
    edit(
      customer as string,
      'name: p.text().index(),',
      '// Ours.\n    name: p.text().index(),\n    // Wider than there.',
    );
    edit(country as string, 'name: p.text().unique(),', 'name: p.text().columnType("varchar").unique(),');
    edit(index as string, '    Country,', '    table(Country, { expect: [rowCount({ min: 1 })] }),');
    edit(index as string, 'relationship, table }', 'relationship, rowCount, table }');
    await server.psql(
      'shop',
      `alter table customer add column phone varchar(20); alter table customer drop column photo;
       alter type mood add value 'fine'; create table supplier (id integer primary key, country char(2) references country);
       alter table country alter column name type varchar(80); drop table wide;`,
    );
    const changed = await workspace.nx(...generate);
    expectSuccess(changed);
    for (const line of ['customer: ', '- photo', '+ phone', '+ supplier', '- wide'])
      expect(changed.output).toContain(line);
    expect(changed.output).toContain(
      `Left as somebody wrote it; the source says otherwise: ${country}: properties: name`,
    );
    const text = workspace.read(customer as string);
    expect(text).toContain('phone: p.string().length(20).nullable(),');
    expect(text).not.toContain('photo');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('// Ours. name: p.text().index(), // Wider than there.');
    expect(workspace.read(country as string)).toContain("name: p.text().columnType('varchar').unique(),");
    const entry = workspace.read(index as string);
    expect(entry).toContain('table(Country, { expect: [rowCount({ min: 1 })] })');
    expect(entry).toContain('table(Supplier, { expect: [relationship(');
    expect(entry).toContain(`"it's good", 'bad', 'fine'`);
    expect(entry).not.toContain('Wide');
    expect(Object.keys(workspace.files('libs'))).not.toContain('libs/bronze-shop/src/wide.ts');
    expectSuccess(await workspace.nx('run', 'bronze-shop:test'));
    const again = await workspace.nx(...generate);
    expect(again.output).not.toMatch(/^(CREATE|UPDATE|DELETE)/m);
    expect(again.output).toContain('the source says otherwise');
  }, 480_000);

  test.each([
    [['bronze-secret', '--from=postgresql://me:secret@localhost/shop'], 'SECRET_IN_ARGS'],
    [['bronze-nowhere', '--from=postgresql://me@127.0.0.1:1/shop'], 'SOURCE_UNAVAILABLE'],
    [['bronze-x', '--from=oracle://me@localhost/shop'], 'OPTION_INVALID'],
    [['bronze-x', '--from=${NOT_SET}'], 'NOT_SET'],
    [['bronze-x', '--from=${SHOP_URL}', '--schema=sails'], 'There is no schema "sails"'],
    [['bronze-x', '--from=${SHOP_URL}', '--tables=custmer'], 'Did you mean "customer"'],
    [['bronze-x', '--from=${SHOP_URL}', '--include=zzz*'], 'No table'],
    [['bronze-x', '--from=${SHOP_URL}', '--exclude=*'], 'is left to take'],
    [['silver-x', '--from=${SHOP_URL}'], '--from writes bronze datakits'],
  ])('%j is refused, and nothing is written', async (args, message) => {
    const { exitCode, output } = await workspace.nx('g', '@datakit/nx:datakit', ...args, '--skipInstall');
    expect(exitCode).not.toBe(0);
    expect(output.replaceAll(/\s+/g, ' ')).toContain(message);
    expect(output).not.toMatch(/me:secret|^CREATE|^ +at /m);
  });
});

/** Columns of a name that both tables have, and of another type. */
const differentTypes = `
  select s.table_name || '.' || s.column_name, format_type(a.atttypid, a.atttypmod), format_type(b.atttypid, b.atttypmod)
  from information_schema.columns s
  join pg_attribute a on a.attrelid = format('public.%I', s.table_name)::regclass and a.attname = s.column_name
  join pg_attribute b on b.attrelid = to_regclass(format('bronze_shop.%I', s.table_name)) and b.attname = s.column_name
  where s.table_schema = 'public' and format_type(a.atttypid, a.atttypmod) <> format_type(b.atttypid, b.atttypmod)
  order by 1`;

/** A statement for each table that counts the rows which only one side has. */
const comparisonsQuery = `
  select format(
    'select %1$L, (select count(*) from ((select %2$s from public.%3$I) except all (select %2$s from bronze_shop.%3$I)) as gone)'
    ' + (select count(*) from ((select %2$s from bronze_shop.%3$I) except all (select %2$s from public.%3$I)) as new)',
    c.table_name, string_agg(format('%I::text', c.column_name), ', ' order by c.ordinal_position), c.table_name)
  from information_schema.columns c
  where c.table_schema = 'public' and c.column_name not like 'bronze%' and exists (select from information_schema.columns b
    where b.table_schema = 'bronze_shop' and b.table_name = c.table_name and b.column_name = c.column_name)
  group by c.table_name order by 1`;
