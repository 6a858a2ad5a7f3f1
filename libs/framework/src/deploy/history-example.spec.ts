import { readFileSync } from 'node:fs';
import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { postgresDatabases } from '../engines/contract/places-contract.ts';
import { defineDatakit } from '../model/datakit.ts';
import { temporalTable } from '../model/mixins.ts';
import { table } from '../model/table.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import { describeWith, startPostgres } from '../testing/index.ts';
import { deployTo } from './deploy.ts';

const page = readFileSync(new URL('../../../../docs/temporal-tables.md', import.meta.url), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(/```(\w*)\n(.*?)```/gs)].filter(([, of]) => of === language).map(([, , text]) => text ?? '');

describeWith(['postgres'], 'the example of docs/temporal-tables.md', () => {
  describe('on PostgreSQL', () => {
    it('does what the page says', async () => {
      await using server = await startPostgres({ version: 'embedded' });
      const where = { kind: 'place', place: postgresDatabases(server).place('example') } as const;
      await using database = await TargetDatabase.open({
        name: 'test',
        inMemory: false,
        where,
        workspaceRoot: '/',
        environment: {},
      });
      await deployTo(datakitOnPage(), database, { runId: 'run' });
      expect(`${await server.psql('example', blocks('sql')[0] ?? '')}\n`).toBe(blocks('')[0]);
    });
  });
});

/** Runs the page's own text with the names that it uses. */
function datakitOnPage(): ReturnType<typeof defineDatakit> {
  const code = `${blocks('ts')[0]}`.replace('export default', 'return');
  const names = { defineEntity, p, temporalTable, table, defineDatakit };
  return new Function(...Object.keys(names), code)(...Object.values(names));
}
