import { join } from 'node:path';
import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/object';
import type { WukongDisk } from '../../../api/wukong.ts';
import { planDisks } from './plan-disks.ts';
import {
  claimOf,
  dataVolumeOf,
  filledClaim,
  general,
  machineWith,
  seenWith,
  storageClass,
  uid,
  wukongWith,
} from './test-storage.ts';

const golden = (name: string) => join(import.meta.dirname, '../../../../../test/golden/operator', name);
const yaml = (objects: readonly KubeObject[]) => objects.map((one) => dump(one, { noRefs: true })).join('---\n');
const data: WukongDisk = { name: 'data', size: '10Gi' };
const filled: WukongDisk = { ...data, image: 'docker://a/b:1' };
const late = storageClass('longhorn', { volumeBindingMode: 'WaitForFirstConsumer' });

const all = wukongWith([
  { name: 'root', size: '20Gi', boot: true, image: 'quay.io/containerdisks/ubuntu:24.04' },
  { name: 'data', size: '200Gi', storageClassName: 'longhorn' },
  { name: 'keep', size: '5Gi', deletePolicy: 'Retain' },
  {
    name: 'copy',
    size: '20Gi',
    source: { pvc: { name: 'gold' } },
    accessModes: ['ReadWriteMany'],
    volumeMode: 'Block',
  },
  { name: 'old', source: { existingClaim: { name: 'old-data', readOnly: true } } },
  { name: 'hot', size: '1Gi', hotpluggable: true },
]);
const vmClass = storageClass('longhorn-vm', {
  annotations: { 'storageclass.kubevirt.io/is-default-virt-class': 'true' },
});
const seenAll = seenWith({
  storageClasses: [general, vmClass],
  profiles: { 'longhorn-vm': [{ accessModes: ['ReadWriteMany'], volumeMode: 'Block' }] },
});

describe('what the disks of a Wukong want', () => {
  it('is a claim for each empty one and a DataVolume for each that is filled', async () => {
    await expect(yaml(planDisks(all, seenAll).objects)).toMatchFileSnapshot(golden('all-disks.yaml'));
  });

  it('is shown to the machine in their order', async () => {
    const { disks, volumes } = planDisks(all, seenAll);

    await expect(dump({ disks, volumes })).toMatchFileSnapshot(golden('disk-devices.yaml'));
  });

  it('is the same each time', () => {
    expect(JSON.stringify(planDisks(all, seenAll))).toBe(JSON.stringify(planDisks(all, seenAll)));
  });

  it('of a claim that is there is that claim, also when its class has come to say something else', () => {
    const [wanted] = planDisks(wukongWith([data]), seenWith()).objects;
    const live = { ...wanted, status: { phase: 'Bound', capacity: { storage: '10Gi' } } } as KubeObject;
    const profiles = { longhorn: [{ accessModes: ['ReadWriteMany'], volumeMode: 'Block' }] };

    expect(planDisks(wukongWith([data]), seenWith({ claims: [live], profiles })).objects).toEqual([wanted]);
  });

  it('of a filled claim is its size and our marks: no owner, and no second DataVolume', () => {
    const seen = seenWith({
      claims: [filledClaim({ request: '11Gi', asked: '10Gi' })],
      dataVolumes: [dataVolumeOf({ phase: 'Succeeded' })],
    });

    expect(planDisks(wukongWith([filled]), seen).objects).toEqual([
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          name: 'press-3-data',
          namespace: 'plant',
          labels: {
            'vm.novasphere.dev/delete-policy': 'Delete',
            'vm.novasphere.dev/disk': 'data',
            'vm.novasphere.dev/wukong': 'press-3',
            'vm.novasphere.dev/wukong-uid': uid,
          },
          annotations: { 'vm.novasphere.dev/size': '10Gi' },
        },
        spec: { resources: { requests: { storage: '11Gi' } } },
      },
    ]);
  });

  it('B7: of a filled claim whose disk has grown is a larger claim', () => {
    const seen = seenWith({ claims: [filledClaim()], dataVolumes: [dataVolumeOf({ phase: 'Succeeded' })] });
    const [claim] = planDisks(wukongWith([{ ...filled, size: '20Gi' }]), seen).objects;

    expect(claim?.['spec']).toEqual({ resources: { requests: { storage: '20Gi' } } });
    expect(claim?.metadata.annotations).toEqual({ 'vm.novasphere.dev/size': '20Gi' });
  });

  it('of a disk that was filled is no second DataVolume when CDI has taken the first away', () => {
    const plan = planDisks(wukongWith([filled]), seenWith({ claims: [claimOf()] }));

    expect(plan.objects.map(({ kind }) => kind)).toEqual(['PersistentVolumeClaim']);
    expect(plan.ready).toBe(true);
  });

  it('of a DataVolume that is to be kept from now on is its mark, and its specification as it was', () => {
    const live = dataVolumeOf({ phase: 'ImportInProgress' });
    const [object] = planDisks(
      wukongWith([{ ...filled, deletePolicy: 'Retain' }]),
      seenWith({ dataVolumes: [live] }),
    ).objects;

    expect(object?.metadata.labels?.['vm.novasphere.dev/delete-policy']).toBe('Retain');
    expect(object?.['spec']).toBe(live['spec']);
  });

  it('is nothing while a snapshot is restored', () => {
    const plan = planDisks(wukongWith([data]), seenWith({ restoring: true, vm: machineWith(['data']) }));

    expect(plan.objects).toEqual([]);
    expect(plan.verdict.message).toBe('the disks are left alone while a snapshot is restored to them');
  });
});

describe('a machine may be made', () => {
  it.for<[string, Parameters<typeof seenWith>[0], boolean]>([
    ['on a bound claim', { claims: [claimOf()] }, true],
    ['on no claim', {}, false],
    ['on a claim that its class does not bind', { claims: [claimOf({ phase: 'Pending' })] }, false],
    ['on a claim that has lost its volume', { claims: [claimOf({ phase: 'Lost' })] }, false],
    ['on a claim that is being deleted', { claims: [claimOf({ metadata: { deletionTimestamp: 'now' } })] }, false],
    [
      'B21: on a claim whose class waits for it',
      { claims: [claimOf({ phase: 'Pending' })], storageClasses: [late] },
      true,
    ],
    [
      'B21: on a DataVolume that waits for it',
      { claims: [filledClaim({ phase: 'Pending' })], dataVolumes: [dataVolumeOf({ phase: 'WaitForFirstConsumer' })] },
      true,
    ],
    ['on a DataVolume without its claim', { dataVolumes: [dataVolumeOf({ phase: 'PendingPopulation' })] }, false],
    [
      'on a DataVolume that is being deleted',
      { claims: [filledClaim()], dataVolumes: [dataVolumeOf({ phase: 'Succeeded' }, { deletionTimestamp: 'now' })] },
      false,
    ],
    [
      'on a DataVolume that is done',
      { claims: [filledClaim()], dataVolumes: [dataVolumeOf({ phase: 'Succeeded' })] },
      true,
    ],
    ['on the claim of a DataVolume that is not seen yet', { claims: [filledClaim()] }, false],
    ['on the same claim once CDI is gone', { claims: [filledClaim()], serves: { dataVolume: false } }, true],
  ])('%s: %s', ([, cluster, ready]) => {
    expect(planDisks(wukongWith([filled]), seenWith(cluster)).ready).toBe(ready);
  });
});

describe('a disk that joins a machine', () => {
  const two = wukongWith([{ name: 'root', size: '10Gi' }, data]);
  const root = claimOf({ metadata: { name: 'press-3-root' } });

  it('comes into it when it is ready, and does not hold up the rest until then', () => {
    const vm = machineWith(['root']);
    const before = planDisks(two, seenWith({ claims: [root], vm }));
    const after = planDisks(two, seenWith({ claims: [root, claimOf()], vm }));

    expect([before.ready, before.disks.map(({ name }) => name), before.volumes.map(({ name }) => name)]).toEqual([
      true,
      ['root'],
      ['root'],
    ]);
    expect([after.ready, after.disks.map(({ name }) => name), after.volumes.map(({ name }) => name)]).toEqual([
      true,
      ['root', 'data'],
      ['root', 'data'],
    ]);
  });

  it('stays in it whatever becomes of it', () => {
    const plan = planDisks(two, seenWith({ claims: [root], vm: machineWith(['root', 'data']) }));

    expect(plan.disks.map(({ name }) => name)).toEqual(['root', 'data']);
  });

  it('cannot take the place of the one that the machine boots from', () => {
    const plan = planDisks(wukongWith([data]), seenWith({ claims: [claimOf()], vm: machineWith(['root', 'data']) }));

    expect(plan.mistakes).toEqual([
      {
        reason: 'InvalidSpec',
        message:
          'spec.disks: the machine boots from the disk `root`, so it cannot be taken away; put it back, or give boot: true to another disk first',
      },
    ]);
  });
});
