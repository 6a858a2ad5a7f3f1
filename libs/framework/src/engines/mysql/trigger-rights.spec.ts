import { defineEntity, p } from '@mikro-orm/core';
import { expect, it } from '@jest/globals';
import { deployTo } from '../../deploy/deploy.ts';
import { temporalTable } from '../../model/mixins.ts';
import { TargetDatabase } from '../../targets/target-database.ts';
import { describeWith, outputOf, startMariaDB } from '../../testing/index.ts';
import { datakitOf } from '../contract/contract-fixture.ts';
import { mariadbDatabases } from '../contract/places-contract.ts';

const Customer = defineEntity({
  name: 'Customer',
  tableName: 'customer',
  properties: { id: p.integer().primary().autoincrement(false), name: p.text(), ...temporalTable },
});

describeWith(['mariadb'], 'triggers on a server with a binary log', () => {
  it('are refused to an account without SUPER, with what to do, and made once it is done', async () => {
    await using server = await startMariaDB({ settings: ['log-bin=binlog', 'server-id=1'] });
    const user = 'deployer';
    const asRoot = ['--no-defaults', `--socket=${server.socket}`, '--user=root', '--execute'];
    const account = `create user ${user}@'%' identified by 'secret'; create database shop; grant all on shop.* to ${user}@'%'`;
    await outputOf('mariadb', [...asRoot, account]);
    const databases = mariadbDatabases({ ...server, user, password: 'secret' });
    const where = { kind: 'place', place: databases.place('shop') } as const;
    await using database = await TargetDatabase.open({
      name: 'test',
      inMemory: false,
      where,
      workspaceRoot: '/',
      environment: {},
    });
    const datakit = datakitOf([Customer], 'shop');
    await expect(deployTo(datakit, database, { runId: 'run' })).rejects.toMatchObject({
      code: 'RIGHTS_MISSING',
      hint: expect.stringContaining('log_bin_trust_function_creators=1'),
    });
    await server.mariadb('mysql', 'set global log_bin_trust_function_creators = 1');
    expect(await deployTo(datakit, database, { runId: 'run' })).toMatchObject({ applied: true });
    await server.mariadb('shop', `insert into shop_customer (id, name) values (1, 'Ann')`);
    expect(await server.mariadb('shop', 'select operation_type, name from shop_customer__history')).toBe('INSERT\tAnn');
  });
});
