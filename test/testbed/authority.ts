import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const common = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];

/** A certificate authority of the bed's own, for whatever answers over TLS inside of it. Made with openssl. */
export class Authority {
  readonly #directory: string;
  /** PEM. */
  readonly certificate: string;
  #count = 0;

  private constructor(directory: string, certificate: string) {
    this.#directory = directory;
    this.certificate = certificate;
  }

  static async make(directory: string): Promise<Authority> {
    const file = (name: string) => join(directory, name);
    const ca = ['-keyout', file('bed-ca.key'), '-out', file('bed-ca.crt'), '-subj', '/CN=bed'];
    await run('openssl', ['req', '-x509', ...common, ...ca, '-addext', 'keyUsage=critical,keyCertSign']);
    return new Authority(directory, await readFile(file('bed-ca.crt'), 'utf8'));
  }

  /** A certificate for host names or addresses (`DNS:a.b.svc`, `IP:10.7.0.1`). */
  async issue(...names: readonly [string, ...string[]]): Promise<{ readonly cert: string; readonly key: string }> {
    const file = (name: string) => join(this.#directory, name);
    const [key, cert] = [file(`leaf-${++this.#count}.key`), file(`leaf-${this.#count}.crt`)];
    const signed = ['-CA', file('bed-ca.crt'), '-CAkey', file('bed-ca.key'), '-keyout', key, '-out', cert];
    const about = ['-subj', `/CN=leaf ${this.#count}`, '-addext', `subjectAltName=${names.join(',')}`];
    // Without this a leaf is an authority as well, and TLS clients refuse it.
    const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=serverAuth'];
    await run('openssl', ['req', '-x509', ...common, ...signed, ...about, ...leaf]);
    return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
  }
}
