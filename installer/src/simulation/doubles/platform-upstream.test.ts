import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { dataVolume } from './cdi/cdi-manifests.ts';
import { kindPath } from './kube-path.ts';
import { cirros } from './kubevirt/kubevirt-manifests.ts';
import { nodeDoubles } from './node-doubles.ts';
import { platformDoubles } from './platform-doubles.ts';
import { TestBench } from './test-bench.ts';

const upstream = join(import.meta.dirname, '../../../../../shared/upstream');
const first = ['Namespace', 'CustomResourceDefinition', 'PriorityClass', 'ServiceAccount', 'ConfigMap'];

function read(path: string): readonly KubeObject[] {
  const objects = loadAll(readFileSync(join(upstream, path), 'utf8')).filter(
    (one): one is KubeObject => one !== null && one !== undefined,
  );
  const rank = ({ kind }: KubeObject) => (first.includes(kind) ? first.indexOf(kind) : first.length);
  return objects.toSorted((a, b) => rank(a) - rank(b));
}

const kubevirt = [
  'virt-operator',
  'virt-api',
  'virt-controller',
  'virt-handler',
  'virt-launcher',
  'cirros-container-disk-demo',
].map((name) => `${name}:v1.8.4`);
const cdi = ['operator', 'controller', 'importer', 'apiserver', 'uploadproxy', 'uploadserver'].map(
  (name) => `cdi-${name}:v1.65.0`,
);
const certManager = ['controller', 'cainjector', 'webhook'].map(
  (name) => `quay.io/jetstack/cert-manager-${name}:v1.21.1`,
);

describe.skipIf(!existsSync(upstream))('the real manifests of KubeVirt, CDI and cert-manager on the doubles', () => {
  const world = new TestBench();
  const begun = performance.now();
  const doubles = [...nodeDoubles, ...platformDoubles()];

  beforeAll(async () => {
    for (const image of [...kubevirt, ...cdi]) world.machine.images.add(`quay.io/kubevirt/${image}`);
    for (const image of [
      ...certManager,
      ...['coredns-coredns:1.14.4', 'metrics-server:v0.8.1'].map((one) => `docker.io/rancher/mirrored-${one}`),
    ])
      world.machine.images.add(image);
    for (const image of [
      'docker.io/rancher/local-path-provisioner:v0.0.36',
      'docker.io/rancher/mirrored-library-busybox:1.37.0',
    ])
      world.machine.images.add(image);
    for (const device of ['/dev/net/tun', '/dev/vhost-net']) world.machine.devices.add(device);
    world.machine.files.set(
      '/etc/rancher/k3s/config.yaml',
      'cluster-init: true\ndisable: [traefik]\nnonroot-devices: true\n',
    );
    world.start(doubles);
    await world.pass(60);
    for (const file of ['kubevirt/kubevirt-operator.yaml', 'cdi/cdi-operator.yaml', 'cert-manager/cert-manager.yaml'])
      await world.apply(...read(file));
    await world.pass(5);
    for (const file of ['kubevirt/kubevirt-cr.yaml', 'cdi/cdi-cr.yaml']) await world.apply(...read(file));
    await world.pass(300);
  });

  afterAll(() => world.stop());

  const get = async (apiVersion: string, kind: string, name: string, namespace?: string): Promise<Json> =>
    world.get(`${kindPath(apiVersion, kind, namespace)}/${name}`);

  const log = async () => {
    const pods: readonly Json[] = await world.list('/api/v1/namespaces/default/pods');
    const launcher = pods.find(
      (one) => one.metadata.labels?.['kubevirt.io'] === 'virt-launcher' && one.status.phase === 'Running',
    );
    return launcher === undefined ? 'no launcher' : world.log(`default/${launcher.metadata.name}/guest-console-log`);
  };

  it('brings all three up, APIs and webhooks included', async () => {
    expect((await get('kubevirt.io/v1', 'KubeVirt', 'kubevirt', 'kubevirt')).status.phase).toBe('Deployed');
    expect((await get('cdi.kubevirt.io/v1beta1', 'CDI', 'cdi')).status).toMatchObject({
      phase: 'Deployed',
      observedVersion: 'v1.65.0',
    });
    for (const name of ['v1.subresources.kubevirt.io', 'v1beta1.upload.cdi.kubevirt.io']) {
      expect((await get('apiregistration.k8s.io/v1', 'APIService', name)).status.conditions).toMatchObject([
        { status: 'True', reason: 'Passed' },
      ]);
    }
    await world.apply({
      apiVersion: 'cert-manager.io/v1',
      kind: 'Issuer',
      metadata: { name: 'self', namespace: 'default' },
      spec: { selfSigned: {} },
    });
    await world.pass(5);
    expect((await get('cert-manager.io/v1', 'Issuer', 'self', 'default')).status.conditions).toMatchObject([
      { type: 'Ready', status: 'True' },
    ]);
  });

  it('boots a virtual machine with a data disk to its prompt, and again after a restart', async () => {
    const { metadata, spec } = dataVolume('disk', {}, { 'cdi.kubevirt.io/storage.bind.immediate.requested': 'true' });
    const userData = '#!/bin/sh\necho "novasphere-boot=$n" > /dev/console\n';
    const disks = ['d', 'data', 'cloudinit'].map((name) => ({ name, disk: { bus: 'virtio' } }));
    const template = {
      domain: { devices: { disks, interfaces: [{ name: 'default', masquerade: {} }] }, memory: { guest: '128Mi' } },
      volumes: [
        { name: 'd', containerDisk: { image: 'quay.io/kubevirt/cirros-container-disk-demo:v1.8.4' } },
        { name: 'data', dataVolume: { name: 'disk' } },
        { name: 'cloudinit', cloudInitNoCloud: { userData } },
      ],
    };

    await world.apply({ ...dataVolume('disk', {}), metadata, spec });
    await world.apply(cirros('sample', {}, template));
    await world.pass(150);

    const { status } = await get('kubevirt.io/v1', 'VirtualMachine', 'sample', 'default');
    expect(status).toMatchObject({ printableStatus: 'Running', ready: true });
    expect(await log()).toContain('novasphere-boot=1\n');
    expect(await log()).toContain('sample login: ');
    await world.remove('/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances/sample');
    await world.pass(150);
    expect(await log()).toContain('novasphere-boot=2\n');
  });

  it('has everything back after a power cut, the machine and its data included', async () => {
    world.stop();
    world.server.drop();
    world.machine.bootId = 'plant-7-a-boot-2';
    world.server.up();
    world.start(doubles);

    await world.pass(300);

    expect((await get('kubevirt.io/v1', 'KubeVirt', 'kubevirt', 'kubevirt')).status.phase).toBe('Deployed');
    expect((await get('kubevirt.io/v1', 'VirtualMachine', 'sample', 'default')).status.printableStatus).toBe('Running');
    expect(await log()).toContain('novasphere-boot=3\n');
  });

  it('needs little real time for all that', () => {
    expect(performance.now() - begun).toBeLessThan(8000);
  });
});
