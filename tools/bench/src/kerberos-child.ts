import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { KerberosStream } from '@datakit/framework/kerberos';
import pg from 'pg';
import { from, to } from 'pg-copy-streams';

/** Copies in a process of its own. Prints the milliseconds from before the connection to after the last row. */
const [direction, port, file = ''] = process.argv.slice(2);
const begun = performance.now();
const stream = (): KerberosStream => new KerberosStream({ gssencmode: 'require' });
const client = new pg.Client({ host: 'localhost', port: Number(port), database: 'encdb', user: 'alice', stream });
await client.connect();
if (direction === 'out') {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(client.query(to('copy t to stdout (format binary)')), nowhere);
} else {
  await pipeline(createReadStream(file), client.query(from('copy u from stdin (format binary)')));
}
await client.end();
console.log(performance.now() - begun);
