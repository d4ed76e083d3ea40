import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KubeClient } from '#kube/client';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { systemTime } from '#operator/runtime/time';
import { seeded } from '#simulation/seeded';
import { root } from '../fixtures/rehearsed.ts';
import { ControlPlane } from '../testbed/control-plane.ts';
import { instantPlatform } from '../testbed/instant-platform.ts';

// Many Wukongs at once, on a platform that takes no time. What is on trial is the operator: processes of its own, under
// the role that is shipped.

const own = 'vm.novasphere.dev/v1alpha1';
const lease = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: 'novasphere-system',
  name: 'wukong-operator',
};

let plane: ControlPlane;
let admin: KubeClient;
const life = new AbortController();
let operator: ChildProcess | undefined;
beforeAll(async () => {
  plane = await ControlPlane.start();
  admin = new KubeClient({ transport: plane.transport('admin'), fieldManager: 'somebody', sleep: systemTime.sleep });
  await instantPlatform(plane, life.signal);
});
afterEach(() => void operator?.kill('SIGKILL'));
afterAll(async () => {
  life.abort();
  await plane?.close();
});

/** Starts the operator and waits until it leads; whoever led before is dead, and nobody waits for his lease to run out. */
async function lead(): Promise<void> {
  await admin.delete(lease);
  const words = ['--kubeconfig', await plane.kubeconfig('operator-pod'), '--health-probe-bind-address=0'];
  operator = spawn(process.execPath, [join(root, 'operator/src/main.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: operator.stdout as NodeJS.ReadableStream });
  for await (const line of lines) if (JSON.parse(line).msg === 'leading') return;
  throw new Error('the operator has ended');
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const gone = once(operator as ChildProcess, 'exit');
  operator?.kill(signal);
  await gone;
}

/** Each has an empty disk, and a Secret with its cloud-init. */
async function make(prefix: string, count: number): Promise<void> {
  const spec = { cpu: 1, memory: '64Mi', disks: [{ name: 'data', size: '64Mi' }], cloudInitUser: { name: 'ada' } };
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  const one = (name: string) =>
    admin.create({ apiVersion: own, kind: 'Wukong', metadata: { namespace: 'default', name }, spec });
  while (names.length > 0) await Promise.all(names.splice(0, 16).map(one));
}

async function all(apiVersion: string, kind: string, prefix: string): Promise<readonly KubeObject[]> {
  const { items } = await admin.list({ apiVersion, kind, namespace: 'default' });
  return items.filter(({ metadata }) => metadata.name.startsWith(`${prefix}-`));
}

/** How many are Running and Ready. */
async function arrived(prefix: string): Promise<number> {
  const isThere = ({ status }: Json) =>
    status?.phase === 'Running' && status.conditions.some((one: Json) => one.type === 'Ready' && one.status === 'True');
  return (await all(own, 'Wukong', prefix)).filter(isThere).length;
}

/** However long it takes, as long as it goes on. */
async function allArrive(prefix: string, count: number): Promise<void> {
  let last = { seen: '', at: Date.now() };
  for (;;) {
    const there = await arrived(prefix);
    if (there === count) return;
    const seen = `${there} of ${count} Wukongs are Running, of ${await childrenOf(prefix)} objects`;
    if (seen !== last.seen) last = { seen, at: Date.now() };
    if (Date.now() - last.at > 30_000) throw new Error(`nothing goes on: ${seen}`);
    await systemTime.sleep(200);
  }
}

const kinds = { VirtualMachine: 'kubevirt.io/v1', PersistentVolumeClaim: 'v1', Secret: 'v1' };

async function childrenOf(prefix: string): Promise<number> {
  const lists = Object.entries(kinds).map(([kind, apiVersion]) => all(apiVersion, kind, prefix));
  return (await Promise.all(lists)).flat().length;
}

/** Each Wukong has exactly one of each, by the uid of its owner, and nobody else has any. */
async function expectOneEach(prefix: string): Promise<void> {
  const uids = (await all(own, 'Wukong', prefix)).map(({ metadata }) => String(metadata.uid)).toSorted();
  for (const [kind, apiVersion] of Object.entries(kinds)) {
    const objects = await all(apiVersion, kind, prefix);
    const owners = objects.map(({ metadata }) => (metadata.ownerReferences ?? []).map(({ uid }) => uid).join());
    expect([kind, owners.toSorted()]).toEqual([kind, uids]);
  }
}

describe('many Wukongs at once', { timeout: 280_000 }, () => {
  it('all arrive, five hundred of them', async ({ annotate }) => {
    await lead();
    const began = Date.now();
    const prefix = `crowd-${began}`;

    await make(prefix, 500);
    await allArrive(prefix, 500);

    await annotate(`500 Wukongs were Running after ${(Date.now() - began) / 1000} s`);
    await expectOneEach(prefix);
    await end('SIGTERM');
  });

  it('all arrive once, whenever the operator is killed meanwhile', async ({ annotate }) => {
    const seed = Date.now() % 100_000;
    await annotate(`seed ${seed}`);
    const random = seeded(seed);
    const prefix = `hunted-${seed}`;
    const made = make(prefix, 100);
    for (let count = 0; count < 6; count++) {
      await lead();
      const goal = (await childrenOf(prefix)) + Math.floor(random() * 50);
      // Whatever it is at then.
      while ((await childrenOf(prefix)) < goal && (await arrived(prefix)) < 100) await systemTime.sleep(5);
      await end('SIGKILL');
      await annotate(`killed when it had made ${await childrenOf(prefix)} of 300 objects`);
    }
    await made;
    await lead();
    await allArrive(prefix, 100);

    await expectOneEach(prefix);
    await end('SIGTERM');
  });
});
