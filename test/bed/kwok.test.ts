import { afterAll, beforeAll, expect, it } from 'vitest';
import { KubeCluster } from '#adapters/kube-cluster';
import { systemClock } from '#adapters/system-clock';
import { loadCatalog } from '#catalog/load-catalog';
import type { Json } from '#kube/json';
import { manifestsOf } from '#phases/verbs/manifest';
import { inRanks } from '#phases/verbs/object-order';
import type { Cluster, KubeObject } from '#ports/cluster';
import { rehearsedBundle } from '#simulation/bundle/rehearsed-bundle';
import { root, upstream } from '../fixtures/rehearsed.ts';
import { ControlPlane } from '../testbed/control-plane.ts';
import { playWithKwok } from '../testbed/kwok.ts';

/** Nodes that are nobody's double but kwok's: what becomes ready here does so by the real controllers alone. */
let plane: ControlPlane;
let cluster: Cluster;
const workloads = new Map<string, readonly KubeObject[]>();
beforeAll(async () => {
  plane = await ControlPlane.start();
  await playWithKwok(plane, ['node-a']);
  cluster = new KubeCluster(plane.transport('novasphere-installer'), systemClock());
  const catalog = await loadCatalog(root);
  const bundle = rehearsedBundle(catalog, upstream);
  for (const name of components) {
    const objects = await manifestsOf(bundle, catalog.components[name]);
    for (const object of inRanks(objects).flat()) {
      await untilServed(object);
      await cluster.apply(object);
    }
    workloads.set(
      name,
      objects.filter(({ kind }) => ['Deployment', 'DaemonSet'].includes(kind)),
    );
  }
});
afterAll(() => plane.close());

const components = ['snapshotter', 'longhorn', 'multus', 'nmstate', 'kubevirt', 'cdi', 'cert-manager'] as const;

async function untilServed(object: KubeObject): Promise<void> {
  while (!(await cluster.serves(object.apiVersion, object.kind)))
    await new Promise((resolve) => setTimeout(resolve, 50));
}

function isReady({ kind, status }: Json): boolean {
  if (kind === 'Deployment') return (status?.availableReplicas ?? 0) > 0;
  return (status?.desiredNumberScheduled ?? 0) > 0 && status.numberReady === status.desiredNumberScheduled;
}

it.each(components)('runs every Deployment and DaemonSet of the real manifests of %s', async (name) => {
  const own = workloads.get(name) ?? [];
  const observation = cluster.observe();
  const live = () =>
    Promise.all(
      own.map(({ apiVersion, kind, metadata }) =>
        observation.sight.get({ apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name }),
      ),
    );
  while (!(await live()).every((one) => one !== undefined && isReady(one)))
    await observation.changed(AbortSignal.timeout(60_000));
  observation.close();
  expect(own.length).toBeGreaterThan(0);
});
