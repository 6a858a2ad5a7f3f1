import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import Ajv from 'ajv';
import { errorCodes } from '../errors/error-codes.ts';
import { outputOf, runProgram } from '../testing/index.ts';

const framework = join(import.meta.dirname, '..', '..');
const workspace = join(framework, '..', '..');
const home = mkdtempSync(join(tmpdir(), 'datakit-reports-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const schema = JSON.parse(readFileSync(join(framework, 'report.schema.json'), 'utf8')) as object;
const ajv = new Ajv({ allErrors: true });
const validate = ajv.compile(schema);

const environment = { ...process.env, NODE_OPTIONS: '', DATAKIT_HOME: home, PAGILA_URL: '', PGPASSWORD: '' };
const datakit = (...args: string[]) =>
  runProgram(process.execPath, [join(framework, 'bin', 'datakit.js'), ...args], { cwd: workspace, env: environment });

type Report = Readonly<Record<string, unknown>> & { readonly error?: { readonly code: string } };

function reports(): Record<string, Report> {
  return Object.fromEntries(
    readdirSync(join(home, 'runs'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.json') && !path.endsWith('latest.json'))
      .map((path) => [path, JSON.parse(readFileSync(join(home, 'runs', path), 'utf8')) as Report]),
  );
}

describe('the report of a run', () => {
  it('is as its JSON Schema says, after success, findings and failures', async () => {
    const kit = 'libs/bronze-pagila';
    expect(await datakit('deploy', kit, '--plan')).toMatchObject({ exitCode: 0 });
    expect(await datakit('deploy', kit, '--validate')).toMatchObject({ exitCode: 0 });
    const drop = `import { DatabaseSync } from 'node:sqlite'; new DatabaseSync('${home}/datakit.sqlite').exec('drop table bronze_pagila_film')`;
    await outputOf(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', drop]);
    expect(await datakit('validate', kit)).toMatchObject({ exitCode: 1 });
    expect(await datakit('ingest', kit)).toMatchObject({ exitCode: 1 });
    const found = Object.entries(reports());
    expect(found.map(([, { status }]) => status).sort()).toEqual(['failed', 'failed', 'succeeded', 'succeeded']);
    for (const [path, report] of found) {
      validate(report);
      expect([path, validate.errors]).toEqual([path, null]);
      if (report.error) expect(Object.keys(errorCodes)).toContain(report.error.code);
    }
  });

  it.each([
    ['without a version', { version: undefined }],
    ['of another version', { version: 2 }],
    ['with a field that is not described', { secret: 'x' }],
    [
      'with an error that holds more than it may',
      { error: { code: 'DRIFT', message: 'm', retryable: false, cause: {} } },
    ],
    ['with a time in local time', { startedAt: '2024-01-01 00:00:00' }],
    ['with a status of its own', { status: 'done' }],
  ])('%s is refused by the schema', (_, wrong) => {
    const [report] = Object.values(reports());
    expect(validate(JSON.parse(JSON.stringify({ ...report, ...wrong })))).toBe(false);
  });
});
