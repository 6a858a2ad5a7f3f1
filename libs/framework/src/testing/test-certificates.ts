import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate authority of the test, with certificates for `localhost` and for a client, and a stranger's authority. */
export class TestCertificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'datakit-tls-'));

  constructor() {
    chmodSync(this.folder, 0o755);
    for (const authority of ['authority', 'stranger']) {
      this.#openssl(
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-subj',
        `/CN=${authority}`,
        '-keyout',
        this.file(`${authority}.key`),
        '-out',
        this.file(`${authority}.crt`),
      );
    }
    this.#sign('server', 'localhost', 'subjectAltName=DNS:localhost');
    this.#sign('client', 'certified', 'extendedKeyUsage=clientAuth');
  }

  /** `authority.crt`, `server.crt`, `client.key`, `stranger.crt`. */
  file(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #sign(name: string, subject: string, extension: string): void {
    const request = this.file(`${name}.csr`);
    this.#openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      `/CN=${subject}`,
      '-keyout',
      this.file(`${name}.key`),
      '-out',
      request,
    );
    writeFileSync(this.file(`${name}.ext`), extension);
    this.#openssl(
      'x509',
      '-req',
      '-in',
      request,
      '-days',
      '2',
      '-CA',
      this.file('authority.crt'),
      '-CAkey',
      this.file('authority.key'),
      '-CAcreateserial',
      '-extfile',
      this.file(`${name}.ext`),
      '-out',
      this.file(`${name}.crt`),
    );
    // The servers of the tests run as another account.
    chmodSync(this.file(`${name}.key`), 0o644);
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }
}
