import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startKerberos } from '@datakit/framework/testing';
import { printMeasured, type Measured } from './measure.ts';

const run = promisify(execFile);
const rounds = 5;
const budget = 0.8;

/** COPY through a connection that Kerberos encrypts, out and in, next to `psql` with the same mode. */
export async function kerberosBench(rows: number): Promise<Measured[]> {
  const kerberos = await startKerberos();
  const file = join(tmpdir(), `datakit-kerberos-${process.pid}`);
  const environment = { ...process.env, ...kerberos.environment };
  const { port } = kerberos.server;
  const psql = async (...commands: string[]): Promise<number> => {
    const connection = `host=localhost port=${port} dbname=encdb user=alice gssencmode=require`;
    const begun = performance.now();
    await run('psql', ['-Xq', connection, ...commands.flatMap((command) => ['-c', command])], { env: environment });
    return performance.now() - begun;
  };
  // The library reads the environment of the process that it is loaded in.
  const ours = async (direction: 'out' | 'in'): Promise<number> => {
    const child = fileURLToPath(new URL('kerberos-child.ts', import.meta.url));
    const { stdout } = await run(process.execPath, [child, direction, String(port), file], { env: environment });
    return Number(stdout);
  };
  try {
    await psql(
      `create table t as select i as id, i % 1000 as device, 'label ' || i as label, md5(i::text) as hash, i / 100.0 as price,
         now() as at, i % 2 = 0 as ok from generate_series(1, ${rows}) i`,
      'create unlogged table u (like t)',
      `\\copy t to '${file}' (format binary)`,
    );
    const times = { out: [] as number[], psqlOut: [] as number[], into: [] as number[], psqlInto: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      times.out.push(await ours('out'));
      times.psqlOut.push(await psql(`\\copy t to '/dev/null' (format binary)`));
      await psql('truncate u');
      times.into.push(await ours('in'));
      await psql('truncate u');
      times.psqlInto.push(await psql(`\\copy u from '${file}' (format binary)`));
    }
    return [
      measured('out of', Math.min(...times.out), Math.min(...times.psqlOut)),
      measured('into', Math.min(...times.into), Math.min(...times.psqlInto)),
    ];
  } finally {
    rmSync(file, { force: true });
    await kerberos.stop();
  }
}

/** The best of each: what a busy machine adds is not the program's. */
function measured(direction: string, ours: number, theirs: number): Measured {
  const ratio = theirs / ours;
  const result: Measured = {
    what: `COPY ${direction} PostgreSQL, encrypted by Kerberos, next to psql (budget ${budget})`,
    held: ratio >= budget,
    figures: `ratio ${ratio.toFixed(2)} (${Math.round(ours)} ms, psql ${Math.round(theirs)} ms)`,
  };
  printMeasured(result);
  return result;
}
