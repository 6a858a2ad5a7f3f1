import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '@datakit/framework/testing';
import { RealWorkspace } from '../testing/real-workspace.ts';
import { expectSuccess, loaded } from '../testing/use-generated.ts';

const fixture = join(import.meta.dirname, '../testing/odd-shop.sqlite.sql');
const generators = [
  ['g', '@datakit/nx:datakit', 'bronze-shop', '--from=${SHOP_URL}', '--skipInstall'],
  ['g', '@datakit/nx:silver', 'silver-shop', '--from=bronze-shop', '--skipInstall'],
  [
    'g',
    '@datakit/nx:table',
    'basket',
    '--datakit=silver-shop',
    '--columns=id:bigint:key,total:numeric(12,2),note:text?',
  ],
  ['g', '@datakit/nx:pipeline', 'shop-pipeline', '--datakits=silver-shop', '--skipInstall'],
];

// One after another: bronze from a source, silver over it, a table more, and a pipeline over both.
describeWith(['sqlite3'], 'layers that generators wrote', () => {
  let workspace: RealWorkspace;
  const sources = (): Record<string, string> => ({ ...workspace.files('libs'), ...workspace.files('apps') });
  beforeAll(async () => {
    workspace = new RealWorkspace({ SHOP_URL: 'sqlite:data/shop.sqlite' });
    workspace.write('data/.gitkeep', '');
    using database = new DatabaseSync(join(workspace.root, 'data/shop.sqlite'));
    database.exec(readFileSync(fixture, 'utf8'));
    for (const command of generators) {
      expectSuccess(await workspace.nx(...command));
      if (command.includes('bronze-shop')) workspace.link('libs/bronze-shop');
      if (command[2] === 'silver-shop') workspace.link('libs/silver-shop');
    }
  }, 480_000);
  afterAll(() => workspace?.[Symbol.dispose]());

  test('silver has names of one spelling, and the query that fills each table', () => {
    const order = workspace.read('libs/silver-shop/src/order.ts');
    expect(order).toContain("import { Order as BronzeOrder } from '@acme/bronze-shop';");
    expect(order).toContain('order_id: p.bigint().primary(),');
    expect(order).toContain("'bronze.OrderId as order_id',");
    expect(order).not.toContain('bronze_load');
    const index = workspace.read('libs/silver-shop/src/index.ts');
    expect(index).toContain("relationship('order_id', Order)");
    expect(index).toContain("import { Basket } from './basket.ts';");
  });

  test('lint, typecheck and their own tests pass', async () => {
    expectSuccess(await workspace.nx('run-many', '-t', 'lint,typecheck,test'));
  }, 480_000);

  test('second runs change nothing, and --dry-run never does', async () => {
    const before = sources();
    for (const command of generators) expectSuccess(await workspace.nx(...command));
    const another = ['g', '@datakit/nx:table', 'ticket', '--datakit=silver-shop', '--dry-run'];
    const { output } = await workspace.nx(...another);
    expect(output).toContain('CREATE libs/silver-shop/src/ticket.ts');
    expect(sources()).toEqual(before);
  }, 480_000);

  test('the pipeline loads bronze and builds silver from it', async () => {
    expectSuccess(await workspace.nx('run', 'shop-pipeline:run'));
    expect(await loaded(workspace, 'select customer_id, name from silver_shop_customer order by 1')).toBe(
      '2|B\n9007199254740993|longer than ten characters',
    );
  }, 480_000);

  test('a table that is new in the source comes to silver, behind those that somebody worked on', async () => {
    using database = new DatabaseSync(join(workspace.root, 'data/shop.sqlite'));
    database.exec(
      `create table "NewThing" ("thingId" integer primary key, label text); insert into "NewThing" values (1, 'a')`,
    );
    const path = 'libs/silver-shop/src/customer.ts';
    workspace.write(path, `// Ours.\n${workspace.read(path)}`);
    for (const command of generators.slice(0, 2)) expectSuccess(await workspace.nx(...command));
    expect(workspace.read(path)).toMatch(/^\/\/ Ours\./);
    expectSuccess(await workspace.nx('run-many', '-t', 'typecheck', '-p', 'silver-shop'));
    expectSuccess(await workspace.nx('run', 'shop-pipeline:run'));
    expect(await loaded(workspace, 'select thing_id, label from silver_shop_new_thing')).toBe('1|a');
  }, 480_000);
});
