import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { expectSuccess } from './support/expect-success.ts';
import { generatePagila } from './support/pagila-databases.ts';
import { Scratch, workspaceRoot, type CommandResult } from './support/workspace.ts';

/** One is the beginning of another, and all are full of what URLs, shells and patterns make something of. */
const passwords = {
  target: String.raw`s3cr@t:/?#[]$&'()*+,;=%41^{}|.\ "x"`,
  source: String.raw`s3cr@t:/?#[]$&'()*+,;=%41^{}|.\ "x"longer`,
  wrong: 'wr0ng/P@ss$1.*',
};
const kit = 'libs/bronze-pagila';

describeWith(['postgres'], 'passwords', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
    await generatePagila(server);
    for (const name of ['target', 'source'] as const) {
      const literal = `'${passwords[name].replaceAll("'", "''")}'`;
      await server.psql('postgres', `CREATE ROLE ${name}_user SUPERUSER LOGIN PASSWORD ${literal}`);
    }
  });
  afterAll(() => server?.stop());

  const url = (user: string, password: string, database: string): string =>
    `postgresql://${user}:${encodeURIComponent(password)}@${server.host}:${server.port}/${database}`;

  /** The forms in which a password could be found. */
  const forms = Object.values(passwords).flatMap((password) => [
    password,
    encodeURIComponent(password),
    encodeURI(password),
    JSON.stringify(password).slice(1, -1),
    Buffer.from(password).toString('base64').replace(/=+$/, ''),
  ]);
  const hits = (text: string): string[] => forms.filter((form) => text.includes(form));

  /** Runs a command, and looks meanwhile at the arguments of every process. */
  async function watched(command: Promise<CommandResult>): Promise<CommandResult> {
    const seen = new Set<string>();
    let isOver = false;
    const ended = command.finally(() => (isOver = true));
    while (!isOver) {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
          for (const hit of hits(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))) seen.add(hit);
        } catch {
          // It ended.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    const result = await ended;
    expect([[...seen], hits(result.output)]).toEqual([[], []]);
    return result;
  }

  /** Files below a folder that hold one of the passwords. */
  function filesWithHits(folder: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => hits(readFileSync(path, 'latin1')).length > 0);
  }

  test('given by the environment leave no trace, whatever goes wrong', async () => {
    const source = { PAGILA_URL: url('source_user', passwords.source, 'pagila') };
    using scratch = new Scratch({
      ...source,
      DATAKIT_POSTGRES_LOCAL_URL: url('target_user', passwords.target, 'shop'),
    });
    const target = '--target=postgres_local';
    for (const operation of ['deploy', 'ingest', 'validate']) {
      expectSuccess(await watched(scratch.datakit(operation, kit, target)));
    }
    const plans = join(scratch.folder, 'plans');
    expectSuccess(await watched(scratch.datakit('deploy', kit, target, '--plan', `--planDir=${plans}`)));
    expectSuccess(await watched(scratch.datakit('targets', '--json')));
    expectSuccess(await watched(scratch.nx('run', 'bronze-pagila:deploy:postgres_local', '--verbose')));
    const graph = join(scratch.folder, 'graph.json');
    expectSuccess(await watched(scratch.nx('graph', `--file=${graph}`)));
    expect(filesWithHits(scratch.folder)).toEqual([]);
    expect(filesWithHits(join(workspaceRoot, '.nx'))).toEqual([]);

    const wrong: Record<string, string>[] = [
      { DATAKIT_POSTGRES_LOCAL_URL: url('target_user', passwords.wrong, 'shop') },
      { DATAKIT_POSTGRES_LOCAL_URL: `postgresql://target_user:${passwords.target}@nowhere.invalid:1/shop` },
      { DATAKIT_POSTGRES_LOCAL_URL: url('target_user', passwords.target, 'shop').replace('postgresql:', 'postgrse:') },
    ];
    for (const variables of wrong) {
      using failing = new Scratch({ ...source, ...variables, DATAKIT_DEBUG: '1' });
      for (const operation of ['deploy', 'validate']) {
        expect((await watched(failing.datakit(operation, kit, target))).exitCode).not.toBe(0);
      }
      await watched(failing.datakit('targets'));
      expect(filesWithHits(failing.folder)).toEqual([]);
    }
    using badSource = new Scratch({ PAGILA_URL: url('source_user', passwords.wrong, 'pagila') });
    expectSuccess(await watched(badSource.datakit('deploy', kit)));
    expect((await watched(badSource.datakit('ingest', kit))).exitCode).not.toBe(0);
    expect(filesWithHits(badSource.folder)).toEqual([]);
  }, 600_000);

  test('given by a mounted file or by .env leave no trace, and what is typed is refused without repeating it', async () => {
    using scratch = new Scratch();
    const secret = join(scratch.folder, 'secret');
    writeFileSync(secret, `${url('target_user', passwords.target, 'mounted')}\n`, { mode: 0o600 });
    using mounted = new Scratch({ DATAKIT_POSTGRES_LOCAL_URL_FILE: secret });
    expectSuccess(await watched(mounted.datakit('deploy', kit, '--target=postgres_local')));
    expect(filesWithHits(mounted.folder)).toEqual([]);
    expect(await server.databases()).toContain('mounted');

    // A workspace of its own, so that its .env is nobody else's.
    const workspace = join(workspaceRoot, 'tmp', `secrets-${process.pid}`);
    mkdirSync(workspace, { recursive: true });
    try {
      writeFileSync(join(workspace, 'nx.json'), '{}');
      const quoted = `'${url('target_user', passwords.target, 'dotenv').replaceAll("'", '%27')}'`;
      writeFileSync(join(workspace, '.env.postgres_local.local'), `DATAKIT_POSTGRES_LOCAL_URL=${quoted}\n`);
      const program = join(workspaceRoot, 'libs/framework/bin/datakit.js');
      const command = `cd '${workspace}' && node '${program}' deploy '${join(workspaceRoot, kit)}' --target=postgres_local`;
      expectSuccess(await watched(scratch.shell(command)));
      expect(await server.databases()).toContain('dotenv');
      expect(filesWithHits(scratch.home)).toEqual([]);
    } finally {
      rmSync(workspace, { recursive: true, force: true });
    }

    const typed = await scratch.datakit('deploy', kit, `--url=${url('target_user', passwords.wrong, 'shop')}`);
    expect([typed.exitCode, hits(typed.output)]).toEqual([1, []]);
    expect(typed.output).toContain('SECRET_IN_ARGS');
  }, 300_000);
});
