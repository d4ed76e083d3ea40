import { join } from 'node:path';
import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../api/wukong.ts';
import { desired } from './desired.ts';
import { macOf } from './desired-machine.ts';
import type { Observed } from './observe.ts';

const golden = (name: string) => join(import.meta.dirname, '../../../../test/golden/operator', name);
const yaml = (objects: readonly KubeObject[]) => objects.map((one) => dump(one, { noRefs: true })).join('---\n');

const whole: Wukong = {
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'Wukong',
  metadata: { name: 'press-3', namespace: 'plant', uid: '6f1c0f52-6a57-4f6e-9f0e-0d6f6a1c7f11' },
  spec: {
    cpu: 4,
    memory: '8Gi',
    disks: [
      { name: 'data', size: '200Gi', storageClassName: 'longhorn' },
      { name: 'root', size: '20Gi', boot: true, image: 'quay.io/containerdisks/ubuntu:24.04' },
    ],
    networks: [{ name: 'default' }, { name: 'lan', nadName: 'vlan-12' }],
    cloudInit: { userDataSecretRef: { name: 'press-3-first-boot' } },
  },
};
const small: Wukong = { ...whole, spec: { cpu: 1, memory: '512Mi', disks: [{ name: 'root', size: '4Gi' }] } };
const nothing: Observed = { vm: undefined, vmi: undefined, claims: new Map(), dataVolumes: new Map() };

const claim = (storage: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'press-3-root', namespace: 'plant' },
  spec: { resources: { requests: { storage } } },
});
const filled = (phase?: string): KubeObject => ({
  apiVersion: 'cdi.kubevirt.io/v1beta1',
  kind: 'DataVolume',
  metadata: { name: 'press-3-root' },
  ...(phase === undefined ? {} : { status: { phase } }),
});
const seen = (claims: Record<string, KubeObject>, dataVolumes: Record<string, KubeObject> = {}): Observed => ({
  ...nothing,
  claims: new Map(Object.entries(claims)),
  dataVolumes: new Map(Object.entries(dataVolumes)),
});
const kinds = (objects: readonly KubeObject[]) => objects.map((one) => `${one.kind} ${one.metadata.name}`);
const instance = (wukong: Wukong): Json =>
  desired(wukong, seen({ root: claim('4Gi') })).find((one) => one.kind === 'VirtualMachine')?.['spec'].template.spec;

describe('what is wanted because of a Wukong', () => {
  it('is its disks first', async () => {
    await expect(yaml(desired(whole, nothing))).toMatchFileSnapshot(golden('disks.yaml'));
  });

  it('is its machine once its disks are there', async () => {
    const objects = desired(whole, seen({ data: claim('200Gi'), root: claim('20Gi') }, { root: filled('Succeeded') }));

    await expect(yaml(objects.filter((one) => one.kind === 'VirtualMachine'))).toMatchFileSnapshot(
      golden('machine.yaml'),
    );
  });

  it('is a machine on the pod network when nothing else is said', async () => {
    const objects = desired(small, seen({ root: claim('4Gi') }));

    await expect(yaml(objects)).toMatchFileSnapshot(golden('small-machine.yaml'));
  });

  it.for<[string | undefined, boolean]>([
    [undefined, false],
    ['Pending', false],
    ['ImportScheduled', false],
    ['ImportInProgress', false],
    ['Failed', false],
    ['Paused', false],
    ['WaitForFirstConsumer', true],
    ['PendingPopulation', true],
    ['Succeeded', true],
  ])('of a DataVolume that is %s makes a machine: %s', ([phase, isMade]) => {
    const objects = desired(whole, seen({ data: claim('200Gi'), root: claim('20Gi') }, { root: filled(phase) }));

    expect(kinds(objects).includes('VirtualMachine press-3-vm')).toBe(isMade);
  });

  it('is no machine before the claim of a DataVolume is there', () => {
    const objects = desired(whole, seen({ data: claim('200Gi') }, { root: filled('WaitForFirstConsumer') }));

    expect(kinds(objects)).toEqual(['PersistentVolumeClaim press-3-data']);
  });

  it('is no second DataVolume for a disk that is filled, also when CDI has taken the first away', () => {
    const objects = desired(whole, seen({ data: claim('200Gi'), root: claim('20Gi') }));

    expect(kinds(objects)).toEqual(['PersistentVolumeClaim press-3-data', 'VirtualMachine press-3-vm']);
  });

  it('is a larger claim, and no other DataVolume, when the size of a filled disk has grown', () => {
    const objects = desired(whole, seen({ data: claim('200Gi'), root: claim('10Gi') }, { root: filled('Succeeded') }));

    expect(objects.find((one) => one.metadata.name === 'press-3-root')).toEqual({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'press-3-root', namespace: 'plant' },
      spec: { resources: { requests: { storage: '20Gi' } } },
    });
  });

  it('is never a smaller claim', () => {
    const objects = desired(small, seen({ root: claim('6Gi') }));

    expect(objects[0]?.['spec'].resources.requests.storage).toBe('6Gi');
  });

  it('boots from the first disk when none is marked', () => {
    const two = { ...small, spec: { ...small.spec, disks: [{ name: 'root', size: '4Gi' }] } };

    expect(instance(two).domain.devices.disks).toEqual([{ name: 'root', disk: { bus: 'virtio' }, bootOrder: 1 }]);
  });

  it.for<['On' | 'Off' | undefined, string]>([
    [undefined, 'Always'],
    ['On', 'Always'],
    ['Off', 'Halted'],
  ])('with power %s is a machine that is %s', ([power, runStrategy]) => {
    const spec = { ...small.spec, ...(power === undefined ? {} : { power }) };

    expect(desired({ ...small, spec }, seen({ root: claim('4Gi') })).at(-1)?.['spec'].runStrategy).toBe(runStrategy);
  });

  it.for([
    ['docker://quay.io/a/b:1', { registry: { url: 'docker://quay.io/a/b:1', pullMethod: 'node' } }],
    ['quay.io/a/b:1', { registry: { url: 'docker://quay.io/a/b:1', pullMethod: 'node' } }],
    ['oci-archive:///images/a.tar', { registry: { url: 'oci-archive:///images/a.tar' } }],
    ['https://example.com/a.qcow2', { http: { url: 'https://example.com/a.qcow2' } }],
  ] as const)('fills a disk with %s', ([image, source]) => {
    const spec = { ...small.spec, disks: [{ name: 'root', size: '4Gi', image }] };

    expect(desired({ ...small, spec }, nothing)[0]?.['spec'].source).toEqual(source);
  });

  it('gives every NIC an address of its own, which stays with the object and is nobody else’s', () => {
    const twin = { ...whole, metadata: { ...whole.metadata, uid: 'another' } };
    const addresses = [macOf(whole, 'default'), macOf(whole, 'lan'), macOf(twin, 'default')];

    expect(new Set(addresses).size).toBe(3);
    expect(addresses.every((one) => /^02(:[0-9a-f]{2}){5}$/.test(one))).toBe(true);
    expect(macOf(whole, 'lan')).toBe(addresses[1]);
  });
});
