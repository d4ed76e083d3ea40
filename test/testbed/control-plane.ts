import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerAccess } from '#kube/server-access';
import { undiciTransport } from '#kube/undici-transport';
import { type AuditLine, auditPolicy, readAudit } from './audit.ts';
import { type Binaries, binaries } from './binaries.ts';
import { apiServerFlags, controllerFlags, etcdFlags, managerFlags, type Ports } from './flags.ts';
import { freePort, RunningProgram } from './program.ts';
import { tokenFile, type User } from './users.ts';

const components = ['kube-controller-manager', 'kube-scheduler'] as const;

/**
 * A real control plane on loopback: etcd, kube-apiserver, kube-controller-manager, kube-scheduler; no kubelets.
 * To be started in a namespace of its own (`in-namespace`): all of 10.0.0.0/8 has to be this machine.
 */
export class ControlPlane {
  readonly directory: string;
  readonly #binaries: Binaries;
  readonly #ports: Ports;
  readonly #programs = new Map<string, RunningProgram>();
  #ca = '';
  #generation = 0;

  private constructor(directory: string, found: Binaries, ports: Ports) {
    this.directory = directory;
    this.#binaries = found;
    this.#ports = ports;
  }

  static async start(): Promise<ControlPlane> {
    if (process.env['NOVASPHERE_NAMESPACE'] === undefined)
      throw new Error('a bed runs in a namespace of its own: start this with scripts/test bed or scripts/testbed');
    const directory = await mkdtemp(join(tmpdir(), 'novasphere-bed-'));
    const [api, etcd, peer] = await Promise.all([freePort(), freePort(), freePort()]);
    const plane = new ControlPlane(directory, await binaries(), { api, etcd, peer });
    await plane.#begin();
    return plane;
  }

  get server(): string {
    return `https://127.0.0.1:${this.#ports.api}`;
  }

  /** What a caller proves itself with; asked for each time, so that a changed token is found. */
  access(user: User): ServerAccess {
    return {
      current: async () => ({
        server: this.server,
        headers: { authorization: `Bearer ${this.token(user)}` },
        tls: { ca: this.#ca },
      }),
    };
  }

  token(user: User): string {
    return `${user}-token-${this.#generation}`;
  }

  transport(user: User): ReturnType<typeof undiciTransport> {
    return undiciTransport(this.access(user));
  }

  program(name: 'kubectl' | 'kwok'): string {
    return this.#binaries.path[name];
  }

  /** A kubeconfig file for a user. */
  async kubeconfig(user: User): Promise<string> {
    const file = join(this.directory, `${user}.kubeconfig`);
    await writeFile(file, this.kubeconfigText(user, this.server), { mode: 0o600 });
    return file;
  }

  kubeconfigText(user: User, server: string): string {
    const cluster = { server, 'certificate-authority-data': btoa(this.#ca) };
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'bed',
      clusters: [{ name: 'bed', cluster }],
      users: [{ name: user, user: { token: this.token(user) } }],
      contexts: [{ name: 'bed', context: { cluster: 'bed', user } }],
    });
  }

  /** Every request that has been answered so far, as the API server's own audit log tells it. */
  audit(): Promise<readonly AuditLine[]> {
    return readAudit(join(this.directory, 'audit.log'));
  }

  /** Ends the API server as a crash does; what it stored stays. */
  async stopApiServer(): Promise<void> {
    await this.#programs.get('kube-apiserver')?.stop('SIGKILL');
  }

  async startApiServer(): Promise<void> {
    this.#run('kube-apiserver', apiServerFlags(this.directory, this.#ports));
    await this.#ready();
  }

  /** Stops the API server for a while without ending it, as a machine does that hangs; sockets stay open. */
  freezeApiServer(): () => void {
    const server = this.#programs.get('kube-apiserver');
    server?.signal('SIGSTOP');
    return () => server?.signal('SIGCONT');
  }

  /** Every token is another one once the API server has started again. */
  async changeTokens(): Promise<void> {
    this.#generation++;
    await this.#writeTokens();
  }

  startProgram(name: 'kwok', words: readonly string[]): void {
    this.#run(name, words);
  }

  /** Forgets every version of etcd before now: a watch that comes back later gets a true 410. */
  async compact(): Promise<void> {
    const { header } = await this.#etcd('/v3/kv/range', { key: btoa('none') });
    await this.#etcd('/v3/kv/compaction', { revision: header.revision, physical: true });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#programs.values()].map((program) => program.stop()));
    await rm(this.directory, { recursive: true, force: true });
  }

  async #begin(): Promise<void> {
    await mkdir(join(this.directory, 'tls'));
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await writeFile(join(this.directory, 'tls/sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }));
    await writeFile(join(this.directory, 'audit-policy.json'), JSON.stringify(auditPolicy));
    await this.#writeTokens();
    this.#run('etcd', etcdFlags(this.directory, this.#ports));
    await this.startApiServer();
    const kubeconfig = await this.kubeconfig('admin');
    for (const name of components) {
      const own = name === 'kube-scheduler' ? [] : managerFlags(this.directory);
      this.#run(name, [...controllerFlags(kubeconfig, await freePort()), ...own]);
    }
    await this.#controlled();
  }

  /** Waits until the controllers work: one whose API server goes away before that never comes back. */
  async #controlled(): Promise<void> {
    const transport = this.transport('admin');
    const path = '/api/v1/namespaces/default/serviceaccounts/default';
    while ((await transport.request({ method: 'GET', path })).status !== 200) await sleep(50);
    await transport.close();
  }

  async #writeTokens(): Promise<void> {
    await writeFile(
      join(this.directory, 'tokens.csv'),
      tokenFile((user) => this.token(user)),
      { mode: 0o600 },
    );
  }

  #run(name: 'etcd' | 'kube-apiserver' | 'kwok' | (typeof components)[number], words: readonly string[]): void {
    this.#programs.set(name, new RunningProgram(this.#binaries.path[name], words, this.directory));
  }

  /** Waits until the API server is ready, its own first objects included. */
  async #ready(): Promise<void> {
    const program = this.#programs.get('kube-apiserver') as RunningProgram;
    const transport = undiciTransport({
      current: async () => {
        this.#ca = await readFile(join(this.directory, 'tls/apiserver.crt'), 'utf8');
        return this.access('admin').current();
      },
    });
    try {
      for (;;) {
        if (program.hasEnded) throw new Error(`kube-apiserver ended:\n${program.lastWords}`);
        const answer = await transport.request({ method: 'GET', path: '/readyz' }).catch(() => undefined);
        if (answer?.status === 200) return;
        await sleep(50);
      }
    } finally {
      await transport.close();
    }
  }

  async #etcd(path: string, body: object): Promise<{ header: { revision: string } }> {
    const answer = await fetch(`http://127.0.0.1:${this.#ports.etcd}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`etcd: ${await answer.text()}`);
    return (await answer.json()) as { header: { revision: string } };
  }
}
