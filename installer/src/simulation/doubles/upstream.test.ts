import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/object';
import { nodeDoubles } from './node-doubles.ts';
import { type TestBench, testBench } from './test-bench.ts';

const upstream = join(import.meta.dirname, '../../../../../shared/upstream');

describe.skipIf(!existsSync(upstream))('the real manifests on the doubles', () => {
  let world: TestBench;

  beforeEach(async () => {
    world = testBench();
    giveImages(world);
    world.machine.files.set('/etc/rancher/k3s/config.yaml', 'cluster-init: true\ndisable: [traefik, local-storage]\n');
    world.start(nodeDoubles);
    await world.pass(60);
  });
  afterEach(() => world.stop());

  it('brings k3s up with its add-ons, and without those that are disabled', async () => {
    const deployments = await world.list('/apis/apps/v1/namespaces/kube-system/deployments');
    expect(deployments.map((one) => [one.metadata.name, one['status'].availableReplicas])).toEqual([
      ['coredns', 1],
      ['metrics-server', 1],
    ]);
    const metrics = await world.get('/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io');
    expect(metrics['status'].conditions).toMatchObject([{ type: 'Available', status: 'True' }]);
  });

  it('takes Longhorn to a bound volume', async () => {
    await snapshotter(world);
    await world.apply(...ordered(read('longhorn/longhorn.yaml')));
    await world.pass(180);
    const nodes = await world.list('/apis/longhorn.io/v1beta2/namespaces/longhorn-system/nodes');
    await world.apply(claim('data'));
    await world.pass(30);
    await world.apply(user('writer', 'data', { 'novasphere.dev/writes': 'kept' }));
    await world.pass(40);
    const volumes = await world.list('/apis/longhorn.io/v1beta2/namespaces/longhorn-system/volumes');
    await world.apply(user('reader', 'data', { 'novasphere.dev/reads': 'true' }));
    await world.pass(40);

    expect(nodes[0]!['status'].conditions.map((one: { type: string; status: string }) => `${one.type}=${one.status}`)).toEqual([
      'MountPropagation=True',
      'RequiredPackages=True',
      'KernelModulesLoaded=True',
      'NFSClientInstalled=True',
      'Multipathd=True',
      'Ready=True',
      'Schedulable=True',
    ]);
    expect((await world.get('/api/v1/namespaces/default/persistentvolumeclaims/data'))['status'].phase).toBe('Bound');
    expect(volumes[0]!['status'].robustness).toBe('degraded');
    expect(await world.log('default/reader/main')).toBe('kept\n');
  });
});

function claim(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } } },
  };
}

function user(name: string, claimName: string, annotations: Record<string, string>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { 'novasphere.dev/trial': 'volume' }, annotations },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'rancher/mirrored-library-busybox:1.37.0', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    },
  };
}

async function snapshotter(world: TestBench): Promise<void> {
  await world.apply(...ordered(readFolder('snapshotter/client/config/crd')));
  await world.apply(...ordered(readFolder('snapshotter/deploy/kubernetes/snapshot-controller')));
}

function giveImages(world: TestBench): void {
  const text = [...walk(upstream)].map((path) => readFileSync(path, 'utf8')).join('\n');
  const found = text.matchAll(/(?:docker\.io\/|quay\.io\/|ghcr\.io\/|registry\.k8s\.io\/)?[a-z0-9./-]+\/[a-z0-9-]+:[a-z0-9][a-z0-9.-]+/g);
  const k3s = ['mirrored-coredns-coredns:1.14.4', 'mirrored-metrics-server:v0.8.1', 'mirrored-library-busybox:1.37.0'];
  for (const image of [...k3s.map((one) => `rancher/${one}`), ...[...found].map(([one]) => one)]) {
    const first = image.split('/')[0] ?? '';
    world.machine.images.add(first.includes('.') ? image : `docker.io/${image}`);
  }
}

function* walk(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* walk(path);
    else yield path;
  }
}

function read(path: string): KubeObject[] {
  return loadAll(readFileSync(join(upstream, path), 'utf8')).filter((one): one is KubeObject => one !== null && one !== undefined);
}

function readFolder(folder: string): KubeObject[] {
  return [...walk(join(upstream, folder))].filter((path) => path.endsWith('.yaml') && !path.includes('kustomization')).flatMap((path) => read(path.slice(upstream.length + 1)));
}

const FIRST = ['Namespace', 'CustomResourceDefinition', 'PriorityClass', 'ServiceAccount', 'ConfigMap'];

function ordered(objects: KubeObject[]): KubeObject[] {
  const rank = (one: KubeObject) => (FIRST.includes(one.kind) ? FIRST.indexOf(one.kind) : FIRST.length);
  return objects.toSorted((a, b) => rank(a) - rank(b));
}
