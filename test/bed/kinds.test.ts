import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Caches } from '#kube/caches';
import { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { type ClosableTransport, undiciTransport } from '#kube/undici-transport';
import { ControlPlane } from '../testbed/control-plane.ts';
import { SkippingClock } from '../testbed/skipping-clock.ts';

// What the operator's caches do about kinds that come and go, on the real API server.

const kinds = {
  probes: { apiVersion: 'kinds.novasphere.test/v1', kind: 'Probe' },
  secrets: { apiVersion: 'v1', kind: 'Secret', labelSelector: 'kept=yes', metadataOnly: true },
  settings: { apiVersion: 'v1', kind: 'ConfigMap', labelSelector: 'kept=yes' },
} as const;
type Kind = keyof typeof kinds;

function definition(group: string): KubeObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `probes.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Probe', listKind: 'ProbeList', plural: 'probes', singular: 'probe' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

const ours = definition('kinds.novasphere.test');
const refOf = ({ apiVersion, kind, metadata }: KubeObject) => ({ apiVersion, kind, name: metadata.name });
const object = (kind: string, name: string, content: object = {}): KubeObject => ({
  apiVersion: kind === 'Probe' ? kinds.probes.apiVersion : 'v1',
  kind,
  metadata: { name, namespace: 'default', labels: { kept: 'yes' } },
  ...content,
});

let plane: ControlPlane;
let direct: KubeClient;
beforeAll(async () => {
  plane = await ControlPlane.start();
  const sleep = (milliseconds: number) => new SkippingClock().sleep(milliseconds);
  direct = new KubeClient({ transport: plane.transport('admin'), fieldManager: 'kinds', sleep, span: 30_000 });
});
afterAll(() => plane.close());

describe('the caches of the operator on a real API server', () => {
  let transport: ClosableTransport;
  let caches: Caches<Kind>;
  let stop: AbortController;
  let wake = () => {};

  beforeEach(async () => {
    transport = undiciTransport(plane.access('wukong-operator'), { deadline: 5000 });
    const clock = new SkippingClock();
    const { discovery } = new KubeClient({ transport, fieldManager: 'kinds', sleep: clock.sleep.bind(clock) });
    caches = new Caches({ transport, discovery, clock, kinds, random: Math.random });
    stop = new AbortController();
    const told = () => wake();
    for (const kind of Object.keys(kinds) as Kind[])
      caches.onChange(kind, { added: told, updated: told, deleted: told });
    caches.onServed(told);
    void caches.run(stop.signal);
    await caches.synced;
  });
  afterEach(async () => {
    stop.abort();
    await transport.close();
  });

  async function until(fits: () => boolean): Promise<void> {
    while (!fits()) await new Promise<void>((resolve) => (wake = resolve));
  }
  const names = (kind: Kind) => caches.all(kind).map(({ metadata }) => metadata.name);

  it('follow a kind that is defined later, empty their copy when it goes, and follow it again', async () => {
    expect([caches.hasSynced, caches.serves('probes')]).toEqual([true, false]);

    for (const name of ['first', 'second']) {
      await direct.create(ours);
      await until(() => caches.serves('probes'));
      await direct.create(object('Probe', name));
      await until(() => names('probes').includes(name));
      expect(names('probes')).toEqual([name]);

      await direct.delete(refOf(ours), { propagation: 'Foreground' });
      await until(() => !caches.serves('probes'));
      expect(names('probes')).toEqual([]);
      while ((await direct.get(refOf(ours))) !== undefined);
    }
  });

  it('learn of a kind that is defined right after the API server was killed', async () => {
    await plane.stopApiServer();
    await plane.startApiServer();
    await direct.create(ours);

    await until(() => caches.serves('probes'));

    await direct.delete(refOf(ours));
    await until(() => !caches.serves('probes'));
  });

  it('ask nothing but watches once they are complete, though definitions of others come', async () => {
    // Heard by all three kinds of watch: they are open.
    await direct.apply(object('ConfigMap', 'late', { data: { a: '1' } }));
    await direct.apply(object('Secret', 'late'));
    await until(() => names('settings').includes('late') && names('secrets').includes('late'));
    const mine = async () => (await plane.audit()).filter(({ user }) => user === 'wukong-operator');
    const before = await mine();

    const others = definition('others.novasphere.test');
    await direct.create(others);
    await direct.apply(object('ConfigMap', 'later'));
    await until(() => names('settings').includes('later'));
    await direct.delete(refOf(others));

    expect((await mine()).slice(before.length).filter(({ verb }) => verb !== 'watch')).toEqual([]);
  });

  it('hold no data of a Secret', async () => {
    await direct.apply(object('Secret', 'quiet', { stringData: { password: 'hush' } }));
    await until(() => names('secrets').includes('quiet'));

    const found = caches.get('secrets', 'default', 'quiet');

    expect(Object.keys(found ?? {}).toSorted()).toEqual(['apiVersion', 'kind', 'metadata']);
    expect([found?.kind, found?.metadata.managedFields]).toEqual(['Secret', undefined]);
  });

  it('read twelve hundred objects page by page', async () => {
    const wanted = Array.from({ length: 1200 }, (_, index) => `many-${index}`);
    while (wanted.length > 0)
      await Promise.all(wanted.splice(0, 50).map((name) => direct.create(object('ConfigMap', name))));
    const mine = async () =>
      (await plane.audit()).filter(
        ({ user, verb, uri }) => user === 'wukong-operator' && verb === 'list' && uri.includes('/configmaps'),
      );
    const before = (await mine()).length;
    const clock = new SkippingClock();
    const { discovery } = new KubeClient({ transport, fieldManager: 'kinds', sleep: clock.sleep.bind(clock) });
    const fresh = new Caches({ transport, discovery, clock, kinds: { settings: kinds.settings } });
    void fresh.run(stop.signal);

    await fresh.synced;

    expect(fresh.all('settings').filter(({ metadata }) => metadata.name.startsWith('many-'))).toHaveLength(1200);
    expect((await mine()).slice(before).map(({ uri }) => /limit=500/.test(uri) && /continue=/.test(uri))).toEqual([
      false,
      true,
      true,
    ]);
  });
});
