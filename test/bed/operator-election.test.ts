import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '#kube/client';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { wukongCrd } from '#operator/api/wukong-crd';
import { wukongSnapshotCrd } from '#operator/api/wukong-snapshot-crd';
import { systemTime } from '#operator/runtime/time';
import { ControlPlane } from '../testbed/control-plane.ts';
import type { User } from '../testbed/users.ts';

// Two processes of the operator, as a Deployment runs them, and the deaths that one of them may die. Each speaks as
// another user, so that the audit log tells who wrote what.

const main = join(import.meta.dirname, '../../operator/src/main.ts');
const lease = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: 'novasphere-system',
  name: 'wukong-operator',
};

class Replica {
  readonly user: User;
  readonly ended: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
  readonly lines: Json[] = [];
  readonly #child: ChildProcess;
  readonly #news = new Set<() => void>();

  constructor(user: User, kubeconfig: string) {
    this.user = user;
    const words = [main, '--kubeconfig', kubeconfig, '--health-probe-bind-address=0', '--log-level=debug'];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(JSON.parse(line));
      for (const tell of this.#news) tell();
    });
    this.ended = once(child, 'close') as unknown as typeof this.ended;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Milliseconds since 1970 at which it said something. */
  async said(message: string): Promise<number> {
    for (;;) {
      const found = this.lines.find((line) => line.msg === message);
      if (found !== undefined) return Date.parse(found.time);
      await new Promise<void>((resolve) => this.#news.add(resolve));
    }
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}

let plane: ControlPlane;
let client: KubeClient;
const replicas: Replica[] = [];

beforeAll(async () => {
  plane = await ControlPlane.start();
  client = new KubeClient({
    transport: plane.transport('admin'),
    fieldManager: 'test',
    sleep: systemTime.sleep,
    span: 30_000,
  });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'novasphere-system' } };
  for (const object of [namespace, wukongCrd(), wukongSnapshotCrd()]) await client.apply(object);
});
afterAll(() => plane.close());
beforeEach(() => client.delete(lease));
afterEach(() => Promise.all(replicas.splice(0).map((one) => one.kill())));

async function start(user: User): Promise<Replica> {
  const replica = new Replica(user, await plane.kubeconfig(user));
  replicas.push(replica);
  return replica;
}

/** One that leads, and one that waits for it with its copies complete. */
async function pair(): Promise<readonly [leader: Replica, standby: Replica]> {
  const leader = await start('wukong-operator');
  await leader.said('leading');
  const since = (await plane.audit()).length;
  const standby = await start('novasphere-installer');
  await hasLooked(standby, since);
  return [leader, standby];
}

/** A watch is only in the audit log once it has ended; it begins right after the first look, and where that was. */
async function hasLooked({ user }: Replica, since: number): Promise<void> {
  for (;;) {
    const lines = (await plane.audit()).slice(since);
    if (lines.some((line) => line.user === user && line.verb === 'get' && line.uri.includes('/leases/'))) return;
    await systemTime.sleep(100);
  }
}

const holder = async (): Promise<string> => ((await client.get(lease)) as Json).spec.holderIdentity;
const wukong = (name: string): KubeObject => ({
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'Wukong',
  metadata: { name, namespace: 'default' },
  spec: { cpu: 1, memory: '1Gi', disks: [{ name: 'data', size: '1Gi' }] },
});

describe('two processes of the operator', () => {
  it('hand the lead over when the first is told to end, which it does with 0', async ({ annotate }) => {
    const [first, second] = await pair();

    const told = Date.now();
    first.signal('SIGTERM');
    const led = await second.said('leading');

    expect(await first.ended).toEqual([0, null]);
    await annotate(`led again ${led - told} ms after SIGTERM`);
    expect(first.lines.map((line) => line.msg)).toEqual(expect.arrayContaining(['leading', 'no longer leading']));
  });

  it('go on with the second when the first is killed', async ({ annotate }) => {
    const [first, second] = await pair();

    const killed = Date.now();
    await first.kill();
    const led = await second.said('leading');

    await annotate(`led again ${led - killed} ms after SIGKILL`);
    expect(await holder()).toBe(second.lines.find((line) => line.msg === 'leading').identity);
  });

  it('go on with the second while the first is stopped; the first ends before it writes anything', async ({
    annotate,
  }) => {
    const [first, second] = await pair();

    const stopped = Date.now();
    first.signal('SIGSTOP');
    const led = await second.said('leading');
    await annotate(`led again ${led - stopped} ms after SIGSTOP`);
    // The news of this waits in the sockets of the first, and is the first thing that it reads when it goes on.
    await client.apply(wukong('made-meanwhile'));
    const since = (await plane.audit()).length;
    first.signal('SIGCONT');

    expect(await first.ended).toEqual([1, null]);
    const lines = (await plane.audit()).slice(since);
    expect(lines.filter((line) => line.user === first.user && line.mutating && line.code < 400)).toEqual([]);
    expect(first.lines.at(-1)).toMatchObject({
      level: 'fatal',
      msg: 'the operator ends',
      error: { message: 'the lead was lost to another replica, or could not be renewed in time' },
    });
    expect(await holder()).toBe(second.lines.find((line) => line.msg === 'leading').identity);
  });

  it('keep one leader when somebody deletes the lease', async () => {
    const [first, second] = await pair();
    const before = await holder();

    await client.delete(lease);
    while ((await client.get(lease)) === undefined) await systemTime.sleep(100);

    expect(await holder()).toBe(before);
    expect(second.lines.some((line) => line.msg === 'leading')).toBe(false);
    expect(first.lines.at(-1).level).not.toBe('fatal');
  });
});
