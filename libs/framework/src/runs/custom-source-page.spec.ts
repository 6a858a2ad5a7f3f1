import { createServer, type Server } from 'node:http';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith, runProgram } from '../testing/index.ts';

const workspace = join(import.meta.dirname, '../../../..');
const token = 'it-is-a-secret';
const orders = Array.from({ length: 250 }, (_, index) => ({
  id: index + 1,
  customer: `customer "${index}", 'x'`,
  total: `${index}.10`,
  ordered_at: '2024-02-29T23:59:59.123456Z',
  tags: index % 2 === 0 ? ['new', { rank: index }] : null,
}));

/** Pages of 100 rows; now and then it is too busy, fails, or wants to be asked later. */
interface Api {
  requests: string[];
  rows: readonly object[];
  /** Answers before it answers well, for each request. */
  troubles: (() => { status: number; headers?: Record<string, string> } | 'cut' | 'never')[];
}

describeWith(['sqlite3'], 'the example in docs/custom-source.md', () => {
  const api: Api = { requests: [], rows: orders, troubles: [] };
  let server: Server;
  let home: string;
  let folder: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      api.requests.push(request.url ?? '');
      const trouble = api.troubles.shift()?.();
      if (trouble === 'never') return;
      if (trouble === 'cut') return void request.socket.destroy();
      if (trouble) return void response.writeHead(trouble.status, trouble.headers).end();
      if (request.headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end();
      const url = new URL(request.url ?? '', 'http://api');
      const page = Number(url.searchParams.get('page'));
      const next = page * 100 < api.rows.length ? `${url.pathname.slice(1)}?page=${page + 1}` : null;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ items: api.rows.slice((page - 1) * 100, page * 100), next }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    home = mkdtempSync(join(tmpdir(), 'datakit-custom-'));
    // Below the workspace, so that it finds the packages as a datakit does.
    folder = join(workspace, 'tmp', `custom-${process.pid}`);
    mkdirSync(join(folder, 'src'), { recursive: true });
    const page = readFileSync(join(workspace, 'docs/custom-source.md'), 'utf8');
    const [pipeline = '', entry = ''] = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code ?? '');
    writeFileSync(join(folder, 'src/shop-api.ts'), pipeline);
    writeFileSync(join(folder, 'src/index.ts'), entry);
    writeFileSync(join(folder, 'package.json'), '{ "name": "bronze-shop", "type": "module" }');
    writeFileSync(join(folder, 'project.json'), '{ "name": "bronze-shop" }');
    writeFileSync(
      join(folder, 'datakit.json'),
      JSON.stringify({ kind: 'datakit', layer: 'bronze', entry: 'src/index.ts' }),
    );
    expect(await datakit('deploy')).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => {
    server?.close();
    server?.closeAllConnections();
    for (const path of [home, folder]) if (path) rmSync(path, { recursive: true, force: true });
  });

  const variables = (): NodeJS.ProcessEnv => ({
    ...process.env,
    NODE_OPTIONS: '',
    DATAKIT_HOME: home,
    SHOP_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    SHOP_API_TOKEN: token,
  });

  function datakit(operation: string, ...options: string[]) {
    api.requests = [];
    const program = join(workspace, 'libs/framework/bin/datakit.js');
    return runProgram(process.execPath, [program, operation, folder, '--target=sqlite_file', ...options], {
      cwd: workspace,
      env: variables(),
    });
  }

  async function select(sql: string): Promise<string> {
    return (await runProgram('sqlite3', [join(home, 'datakit.sqlite'), sql])).stdout.trim();
  }

  it('loads every page, also where the server is busy, fails and cuts the line', async () => {
    api.troubles = [() => ({ status: 503 }), () => ({ status: 429, headers: { 'retry-after': '1' } }), () => 'cut'];
    const { exitCode, stdout } = await datakit('ingest', '--formats=table,json');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Loaded 1 table with 250 rows')]);
    expect(api.requests).toHaveLength(3 + 3);
    expect(
      await select('select count(*), min(bronze_source_host), count(distinct bronze_load_id) from bronze_shop_order'),
    ).toBe('250|127.0.0.1|1');
    expect(await select(`select customer, total, tags, ordered_at from bronze_shop_order where id = 3`)).toBe(
      `customer "2", 'x'|2.10|["new",{"rank":2}]|2024-02-29T23:59:59.123456Z`,
    );
    const manifest = JSON.parse(readFileSync(join(home, 'files/shop/order/manifest.json'), 'utf8')) as {
      loads: { files: { rows: number }[] }[];
    };
    expect(manifest.loads.flatMap(({ files }) => files).map(({ rows }) => rows)).toEqual([250]);
  });

  it('keeps what was there and says why when the server refuses, and never the token', async () => {
    const before = await select('select count(*), max(bronze_load_id) from bronze_shop_order');
    api.troubles = [() => ({ status: 403 })];
    const { exitCode, stdout, stderr } = await datakit('ingest');
    expect(exitCode).toBe(1);
    expect(stderr + stdout).toContain('SOURCE_UNAVAILABLE');
    expect(stderr + stdout).toContain('403');
    expect(stderr + stdout).not.toContain(token);
    expect(await select('select count(*), max(bronze_load_id) from bronze_shop_order')).toBe(before);
  });

  it('refuses fields that nobody declared, with their names', async () => {
    api.rows = orders.slice(0, 2).map((order) => ({ ...order, discount: 1 }));
    const { exitCode, stdout, stderr } = await datakit('ingest');
    api.rows = orders;
    expect([exitCode, stderr + stdout]).toEqual([1, expect.stringMatching(/CONTRACT[\s\S]*order\.discount/)]);
  });

  it('names a bad row, and sets it aside where that is allowed', async () => {
    api.rows = orders.slice(0, 3).map((order) => (order.id === 2 ? { ...order, total: 'much' } : order));
    const refused = await datakit('ingest');
    expect([refused.exitCode, refused.stderr + refused.stdout]).toEqual([
      1,
      expect.stringMatching(/BAD_ROWS[\s\S]*total/),
    ]);
    expect(refused.stderr + refused.stdout).not.toContain('much');
    const allowed = await datakit('ingest', '--maxBadRows=1');
    api.rows = orders;
    expect([allowed.exitCode, await select('select group_concat(id) from bronze_shop_order')]).toEqual([0, '1,3']);
    expect(await select('select count(*) from _datakit_quarantine')).toBe('1');
  });

  it('ends within seconds when it is stopped while the server does not answer', async () => {
    api.troubles = [() => 'never'];
    api.requests = [];
    const { spawn } = await import('node:child_process');
    const program = join(workspace, 'libs/framework/bin/datakit.js');
    const child = spawn(process.execPath, [program, 'ingest', folder, '--target=sqlite_file'], {
      cwd: workspace,
      env: variables(),
      stdio: 'ignore',
    });
    const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
    while (api.requests.length === 0) await sleep(20);
    const begun = performance.now();
    child.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
