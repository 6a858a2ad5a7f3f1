import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { describeWith } from './requirements.ts';
import { runProgram } from './run-program.ts';
import { startPostgres } from './test-servers.ts';

describeWith(['postgres'], 'a throw-away PostgreSQL', () => {
  test('answers over TCP with its password and over its socket, and leaves nothing behind', async () => {
    const server = await startPostgres();
    expect(await server.psql('postgres', 'SELECT 1, current_user')).toBe('1\ttester');
    const wrong = await runProgram('psql', ['-c', 'SELECT 1', server.url('postgres').replace('test-Pass', 'wrong')]);
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('password authentication failed') });
    const overSocket = [
      '-h',
      `${server.socketFolder}`,
      '-p',
      `${server.port}`,
      '-U',
      server.user,
      '-Atc',
      'SELECT 2',
      'postgres',
    ];
    expect((await runProgram('psql', overSocket)).stdout).toBe('2\n');

    await server.stop();
    expect(existsSync(`${server.socketFolder}`)).toBe(false);
    expect((await runProgram('psql', ['-c', 'SELECT 1', server.url('postgres')])).exitCode).toBe(2);
  });

  test('goes away with a process that was killed', async () => {
    const script = `
      import { startPostgres } from '${import.meta.dirname}/test-servers.ts';
      const server = await startPostgres();
      console.log(server.socketFolder);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const folder = await new Promise<string>((resolve) =>
      child.stdout.once('data', (text) => resolve(`${text}`.trim())),
    );
    expect(existsSync(folder)).toBe(true);

    child.kill('SIGKILL');
    for (let waited = 0; existsSync(folder) && waited < 10_000; waited += 50) await sleep(50);
    expect(existsSync(folder)).toBe(false);
  });
});
