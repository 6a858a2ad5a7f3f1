import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engine as postgres } from '../engines/postgres/engine.ts';
import { engine as sqlite } from '../engines/sqlite/engine.ts';
import { startPostgres } from '../testing/index.ts';
import { describeDeploy } from './deploy-contract.ts';

const unused = { host: '', port: 0, user: '', password: '', database: '' };

describeDeploy('a SQLite file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-deploy-'));
  return {
    engine: sqlite,
    place: (database) => ({ engine: 'sqlite', file: join(folder, `${database}.sqlite`) }),
    source: unused,
    shown: String,
    keepsTypes: false,
    catalogueState: 'select * from pragma_schema_version',
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
});

describeDeploy('PostgreSQL', async () => {
  const server = await startPostgres({ version: 'embedded' });
  const { host, port, user, password } = server;
  return {
    engine: postgres,
    place: (database) => ({ engine: 'postgres', host, port, user, password, database }),
    source: unused,
    shown: String,
    keepsTypes: true,
    catalogueState: `select string_agg(c.oid || ' ' || c.xmin || ' ' || c.relname || coalesce(a.atts, ''), ',' order by c.oid) as state
      from pg_class c left join (select attrelid, string_agg(attname || xmin::text, ' ' order by attnum) as atts from pg_attribute group by 1) a on a.attrelid = c.oid
      where c.relnamespace::regnamespace::text !~ '^pg_' and c.relnamespace <> 'information_schema'::regnamespace`,
    stop: () => server.stop(),
  };
});
