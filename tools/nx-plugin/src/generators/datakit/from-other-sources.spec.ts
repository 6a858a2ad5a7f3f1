import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '@datakit/framework/testing';
import { RealWorkspace } from '../../testing/real-workspace.ts';
import { loaded, useGenerated } from '../../testing/use-generated.ts';

const fixtures = join(import.meta.dirname, '../../testing');

describeWith(['sqlite3'], 'a datakit from a file of SQLite', () => {
  let workspace: RealWorkspace;
  beforeAll(async () => {
    workspace = new RealWorkspace({ SHOP_URL: 'sqlite:data/shop.sqlite' });
    workspace.write('data/.gitkeep', '');
    using database = new DatabaseSync(join(workspace.root, 'data/shop.sqlite'));
    database.exec(readFileSync(join(fixtures, 'odd-shop.sqlite.sql'), 'utf8'));
    await useGenerated(workspace);
  }, 480_000);
  afterAll(() => workspace?.[Symbol.dispose]());

  test('takes types that hold what SQLite lets in', async () => {
    const customer = workspace.read('libs/bronze-shop/src/customer.ts');
    expect(customer).toContain('customer_id: p.bigint().primary(),');
    expect(customer).toContain("name: p.text().default('nobody').index(),");
    expect(customer).toContain('by_lower');
    expect(workspace.read('libs/bronze-shop/src/index.ts')).toContain("relationship('OrderId', Order)");
    expect(await loaded(workspace, 'select customer_id, name from bronze_shop_customer order by 1')).toBe(
      '2|B\n9007199254740993|longer than ten characters',
    );
  });
});

describeWith(['sqlite3'], 'a datakit from a folder of CSV files', () => {
  let workspace: RealWorkspace;
  beforeAll(async () => {
    workspace = new RealWorkspace({ SHOP_URL: 'file:data' });
    const folder = join(workspace.root, 'data');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'customer.csv'),
      'id,Full Name,since,active,ratio,seen\n1,"A, B",2024-02-29,true,0.5,2024-02-29T10:00:00Z\n2,,,false,12,\n',
    );
    writeFileSync(join(folder, 'order.csv'), 'id,total,count,big\n007,1.10,1,9007199254740993\n008,2.5,-2,1\n');
    await useGenerated(workspace);
  }, 480_000);
  afterAll(() => workspace?.[Symbol.dispose]());

  test('has a table for each file, without a key, and the types that all values are', async () => {
    const index = workspace.read('libs/bronze-shop/src/index.ts');
    expect(index).toContain("filesSource({ system: 'shop', url: '${SHOP_URL}' })");
    expect(index).toContain('table(Customer, { keyless: true })');
    expect(workspace.read('libs/bronze-shop/src/customer.ts')).toContain('since: p.date().nullable(),');
    expect(workspace.read('libs/bronze-shop/README.md').match(/^- `.*` *$/gm)).toEqual(
      [
        'customer.id integer',
        'customer.since date',
        'customer.active boolean',
        'customer.ratio numeric(38,1)',
        'customer.seen timestamp(6) with time zone',
        'order.total numeric(38,2)',
        'order.count integer',
        'order.big bigint',
      ].map((guess) => `- \`${guess}\``),
    );
    expect(await loaded(workspace, 'select id, "Full Name", since, active from bronze_shop_customer order by id')).toBe(
      '1|A, B|2024-02-29|1\n2|||0',
    );
    expect(await loaded(workspace, 'select id, total, count, big from bronze_shop_order order by id')).toBe(
      '007|1.10|1|9007199254740993\n008|2.50|-2|1',
    );
  });
});
