import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { consoleOutput } from './console-output.ts';

const escape = String.fromCharCode(27);

function collected(terminal: object, environment: NodeJS.ProcessEnv = {}) {
  const stream = Object.assign(new PassThrough(), terminal);
  const output = consoleOutput(stream, environment);
  return { output, text: () => String(stream.read() ?? '') };
}

test('without a terminal writes plain lines and no progress, also where colours are forced', async () => {
  const { output, text } = collected({}, { FORCE_COLOR: 'true' });
  output.progress('film', '10 rows');
  output.line('film: 1000 rows');
  output.progressEnd('film');
  await output.close();
  expect(output.isTerminal).toBe(false);
  expect(text()).toBe('film: 1000 rows\n');
});

test('on a terminal keeps live lines below the lines that stay, and leaves none at the end', async () => {
  const { output, text } = collected({ isTTY: true, columns: 20, rows: 10 }, { NO_COLOR: '1' });
  output.progress('film', '10 rows and a text longer than the terminal is wide');
  output.progress('actor', '5 rows');
  output.line('connected');
  expect(text()).toBe('connected\nfilm  10 rows and a\nactor  5 rows\n');
  output.progressEnd('film');
  expect(text()).toBe(`${escape}[2A\r${escape}[0Jactor  5 rows\n`);
  await output.close();
  expect(text()).toBe(`${escape}[1A\r${escape}[0J`);
});

test('draws progress by itself, and not for every call', async () => {
  const { output, text } = collected({ isTTY: true, columns: 80, rows: 10 });
  for (let rows = 0; rows <= 1000; rows++) output.progress('film', `${rows} rows`);
  expect(text()).toBe('');
  // The timer does not keep a process alive, so something else has to.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(text()).toBe(`${escape}[36mfilm${escape}[39m  1000 rows\n`);
  await output.close();
});

test('never draws more lines than the terminal is high', async () => {
  const { output, text } = collected({ isTTY: true, columns: 80, rows: 5 }, { NO_COLOR: '1' });
  for (let table = 0; table < 20; table++) output.progress(`table ${table}`, '');
  output.line('start');
  expect(text().split('\n')).toHaveLength(1 + 3 + 1);
  await output.close();
});
