import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, startMariaDB, type TestMariaDB } from '@datakit/framework/testing';
import { RealWorkspace } from '../../testing/real-workspace.ts';
import { loaded, useGenerated } from '../../testing/use-generated.ts';

const fixture = join(import.meta.dirname, '../../testing/odd-shop.mariadb.sql');

describeWith(['mariadb', 'sqlite3'], 'a datakit from MariaDB', () => {
  let server: TestMariaDB;
  let workspace: RealWorkspace;
  beforeAll(async () => {
    server = await startMariaDB();
    await server.asRoot('create database shop');
    await server.mariadb('shop', readFileSync(fixture, 'utf8'));
    workspace = new RealWorkspace({ SHOP_URL: server.url('shop') });
    await useGenerated(workspace);
  }, 480_000);
  afterAll(async () => {
    workspace?.[Symbol.dispose]();
    await server?.stop();
  });

  test('keeps keys, comments, enums and values', async () => {
    const customer = workspace.read('libs/bronze-shop/src/customer.ts');
    expect(customer).toContain('customer_id: p.bigint().primary(),');
    expect(customer).toContain(`name: p.string().length(60).index().comment('As on the letter; it\\'s "formal"'),`);
    expect(customer).toContain('by_prefix');
    const index = workspace.read('libs/bronze-shop/src/index.ts');
    expect(index).toContain("mysqlSource({ system: 'shop', url: '${SHOP_URL}' })");
    expect(index).toContain(`acceptedValues('mood', ['so so', "it's good", 'bad'])`);
    expect(index).toContain('table(Log, { keyless: true })');
    expect(await loaded(workspace, 'select huge, at, doubled from bronze_shop_customer order by customer_id')).toBe(
      '18446744073709551615|10:11:12.345|1.00\n||1.00',
    );
    expect(await loaded(workspace, 'select count(*) from bronze_shop_log')).toBe('3');
  });
});
