import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { sameQuantity } from '#kube/quantity';
import type { KubeObject } from '#ports/cluster';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { hasUpstream, upstreamObjects } from '../../../test/fixtures/upstream-objects.ts';
import { KubeCluster } from './kube-cluster.ts';
import { isApplied } from './kube-cluster-owned.ts';

const manager = 'novasphere-installer';
const us = { manager, ignoresStatus: true };

let clock: VirtualClock;
let server: SimulatedApiServer;
let cluster: KubeCluster;
beforeEach(() => {
  clock = new VirtualClock();
  server = new SimulatedApiServer({ clock });
  cluster = new KubeCluster(server, clock);
});

const service = (change: (spec: Json) => void = () => {}): KubeObject => {
  const spec = {
    selector: { app: 'dns' },
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53 },
    ],
  };
  change(spec);
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'dns', namespace: 'default' }, spec };
};

const workload = (change: (object: Json) => void = () => {}): KubeObject => {
  const container = {
    name: 'main',
    image: 'x:1',
    args: ['a', 'b'],
    env: [
      { name: 'ONE', value: '1' },
      { name: 'TWO', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    ],
    resources: { limits: { cpu: '1000m', memory: '1Gi' } },
  };
  const labels = { app: 'x' };
  const object: Json = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'x', namespace: 'default', labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
  change(object);
  return object;
};

const main = (object: Json): Json => object.spec.template.spec.containers[0];

describe('what is applied already', () => {
  it('is known by the books alone, defaults and keys that the server filled in included', async () => {
    for (const object of [service(), workload()]) {
      const live = await cluster.apply(object);

      expect([object.kind, isApplied(live, object, us)]).toEqual([object.kind, true]);
    }
  });

  it.each<readonly [string, (object: Json) => void]>([
    ['another value', (object) => (object.spec.replicas = 2)],
    ['a field more', (object) => (object.spec.paused = true)],
    ['a field less', (object) => delete object.spec.replicas],
    ['a label less', (object) => delete object.metadata.labels],
    ['another value in a list that is replaced as a whole', (object) => (main(object).args = ['a', 'c'])],
    ['an item less in such a list', (object) => (main(object).args = ['a'])],
    ['another value in an item of a list', (object) => (main(object).env[0].value = '2')],
    ['an item more', (object) => main(object).env.push({ name: 'THREE', value: '3' })],
    ['an item less', (object) => main(object).env.pop()],
    ['another order of items', (object) => (main(object).env = main(object).env.toReversed())],
    ['another amount', (object) => (main(object).resources.limits.cpu = '1100m')],
    ['a map that is a text now', (object) => (object.spec.template.spec = 'x')],
  ])('is not so with %s', async (_, change) => {
    const live = await cluster.apply(workload());

    expect(isApplied(live, workload(change), us)).toBe(false);
  });

  it('is not so once somebody else has changed, or taken over, a field', async () => {
    const before = await cluster.apply(workload());
    const path = '/apis/apps/v1/namespaces/default/deployments/x';
    const contentType = 'application/merge-patch+json';
    const body = { spec: { replicas: 3 } };
    await server.request({ method: 'PATCH', path, query: { fieldManager: 'kubectl' }, contentType, body });

    const live = (await cluster.get({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'default',
      name: 'x',
    })) as KubeObject;

    expect([isApplied(before, workload(), us), isApplied(live, workload(), us)]).toEqual([true, false]);
  });

  it('stays so when somebody else has added fields of his own', async () => {
    await cluster.apply(workload());
    const path = '/apis/apps/v1/namespaces/default/deployments/x';
    const contentType = 'application/merge-patch+json';
    const body = { metadata: { annotations: { note: 'mine' } }, spec: { paused: true } };
    const { body: live } = await server.request({
      method: 'PATCH',
      path,
      query: { fieldManager: 'x' },
      contentType,
      body,
    });

    expect(isApplied(live as KubeObject, workload(), us)).toBe(true);
  });

  it('is not known of an object that somebody else has applied, or that nobody keeps books about', async () => {
    const live = await cluster.apply(workload());
    const bare = { ...live, metadata: { ...live.metadata, managedFields: [] } };

    expect(isApplied(live, workload(), { ...us, manager: 'kubectl' })).toBe(false);
    expect(isApplied(bare, workload(), us)).toBe(false);
  });

  it('ignores a status where that has an endpoint of its own, and only there', async () => {
    const live = await cluster.apply(workload());
    const wanted = workload((object) => (object.status = { replicas: 7 }));

    expect(isApplied(live, wanted, us)).toBe(true);
    expect(isApplied(live, wanted, { manager, ignoresStatus: false })).toBe(false);
  });
});

describe('any object', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'key.with.dots', 'key-with_other.letters');
  const text = fc.constantFrom('', '1', 'x', 'true', 'größer');
  const data = fc.dictionary(key, text, { maxKeys: 4 });
  const stated = data.filter((entries) => Object.keys(entries).length > 0);
  const map = (entries: Record<string, string>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'any', namespace: 'default' },
    ...(Object.keys(entries).length === 0 ? {} : { data: entries }),
  });

  it('is called applied exactly when the server itself would change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(data, data, stated, async (first, others, second) => {
        server = new SimulatedApiServer({ clock });
        cluster = new KubeCluster(server, clock);
        await cluster.apply(map(first));
        const path = '/api/v1/namespaces/default/configmaps/any';
        const contentType = 'application/merge-patch+json';
        await server.request({
          method: 'PATCH',
          path,
          query: { fieldManager: 'x' },
          contentType,
          body: { data: others },
        });
        const { body } = await server.request({ method: 'GET', path });
        const live = body as KubeObject;
        const { revision } = server;
        const answer = await server.request({
          method: 'PATCH',
          path,
          query: { fieldManager: manager },
          contentType: 'application/apply-patch+yaml',
          body: map(second),
        });
        const changedNothing = answer.status === 200 && server.revision === revision;

        expect(isApplied(live, map(second), us)).toBe(changedNothing);
      }),
      { numRuns: 200 },
    );
  });
});

describe('quantities', () => {
  it.each([
    ['1000m', '1', true],
    ['1', 1, true],
    ['0.5', '500m', true],
    ['1Gi', '1024Mi', true],
    ['1Gi', '1G', false],
    ['1e3', '1k', true],
    ['100M', '100Mi', false],
    ['0.1Gi', '0.1Gi', true],
    ['much', 'much', false],
  ])('%s and %s: the same is %s', (one, other, same) => {
    expect(sameQuantity(one, other)).toBe(same);
  });
});

describe.skipIf(!hasUpstream)('the manifests of the components', () => {
  it('are told as applied, all of them, without a single dry run', async () => {
    const objects = manifests();
    const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
    const others = objects.filter(({ kind }) => kind !== 'CustomResourceDefinition' && kind !== 'Namespace');
    for (const { metadata } of objects) await namespaced(metadata.namespace);
    for (const object of definitions) await cluster.apply(object);
    await clock.sleep(5000);
    for (const object of others) await cluster.apply(object);
    server.log.length = 0;

    for (const object of [...definitions, ...others]) await cluster.apply(object);

    expect(objects.length).toBeGreaterThan(150);
    expect(server.log.filter(({ method }) => method !== 'GET').map(({ path }) => path)).toEqual([]);
  });
});

/** Every object of every manifest, labelled as the installer does. */
function manifests(): readonly KubeObject[] {
  return upstreamObjects().map((one) => {
    return { ...one, metadata: { ...one.metadata, labels: { ...one.metadata.labels, ours: 'yes' } } };
  });
}

async function namespaced(name: string | undefined): Promise<void> {
  if (name === undefined) return;
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}
