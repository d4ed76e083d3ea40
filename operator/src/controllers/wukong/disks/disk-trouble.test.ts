import { describe, expect, it } from 'vitest';
import type { WukongDisk } from '../../../api/wukong.ts';
import { planDisks } from './plan-disks.ts';
import { claimOf, dataVolumeOf, filledClaim, seenWith, storageClass, wukongWith } from './test-storage.ts';

const data: WukongDisk = { name: 'data', size: '10Gi' };
const told = (disk: WukongDisk, cluster: Parameters<typeof seenWith>[0] = {}) => {
  const { verdict, objects } = planDisks(wukongWith([disk]), seenWith(cluster));
  return { made: objects.map(({ kind }) => kind), reason: verdict.reason, message: verdict.message };
};

describe('a disk that cannot be', () => {
  it('says which storage class is not there', () => {
    expect(told({ ...data, storageClassName: 'fast' })).toEqual({
      made: [],
      reason: 'StorageClassNotFound',
      message:
        'the disk `data` asks for the storage class fast, which is not there (there are: longhorn); create it, or make the Wukong anew with another',
    });
  });

  it('says that there is no default class', () => {
    expect(told(data, { storageClasses: [storageClass('longhorn')] })).toEqual({
      made: [],
      reason: 'StorageClassNotFound',
      message:
        'the disk `data` names no storage class, and the cluster has no default one; mark a class as the default',
    });
  });

  it('does not mind that the class of a bound claim is gone', () => {
    expect(told({ ...data, storageClassName: 'fast' }, { claims: [claimOf({ class: 'fast' })] }).reason).toBe(
      'VolumesReady',
    );
  });

  it('says that nothing fills it without CDI', () => {
    const serves = { dataVolume: false };

    expect(told({ ...data, image: 'a/b:1' }, { serves })).toEqual({
      made: [],
      reason: 'MissingDependency',
      message: 'the disk `data` is to be filled from a/b:1, and the cluster has nothing that does so; install CDI',
    });
    expect(told(data, { serves }).made).toEqual(['PersistentVolumeClaim']);
  });

  it.for([
    ['a claim', { claims: [claimOf({ metadata: { ownerReferences: [], labels: {} } })] }, 'PersistentVolumeClaim'],
    [
      'a claim of another Wukong',
      { claims: [claimOf({ metadata: { ownerReferences: [{ ...owner('Wukong'), controller: true }] } })] },
      'PersistentVolumeClaim',
    ],
    ['a DataVolume', { dataVolumes: [dataVolumeOf({}, { ownerReferences: [], labels: {} })] }, 'DataVolume'],
  ] as const)('says that %s of that name belongs to something else', ([, cluster, kind]) => {
    expect(told({ ...data, image: 'a/b:1' }, cluster)).toEqual({
      made: [],
      reason: 'NameConflict',
      message: `the disk \`data\` cannot be made: ${kind} press-3-data is there already and belongs to something else; delete that, give the disk another name, or use the claim as it is by source.existingClaim`,
    });
  });

  it.for([
    ['before', {}],
    ['after', { dataVolumes: [dataVolumeOf({ phase: 'Pending' })] }],
  ] as const)('says which claim it cannot be a copy of, %s its DataVolume is there', ([, cluster]) => {
    const { reason, message } = told({ ...data, source: { pvc: { name: 'gold' } } }, cluster);

    expect([reason, message]).toEqual([
      'ClaimNotFound',
      'the disk `data` is to be a copy of the claim `gold`, which is not there; create it, or correct spec.disks[data].source.pvc',
    ]);
  });

  it.for([
    [{}, 'Provisioning', 'the disk `data` is being made'],
    [
      { claims: [claimOf({ phase: 'Pending' })] },
      'Provisioning',
      'the disk `data` waits for its volume from the storage class longhorn',
    ],
    [
      { claims: [claimOf({ phase: 'Lost' })] },
      'ClaimNotFound',
      'the disk `data` has lost its data: the volume of the claim `press-3-data` is gone',
    ],
    [{ dataVolumes: [dataVolumeOf({ phase: 'Succeeded' })] }, 'Provisioning', 'the disk `data` waits for its claim'],
    [
      { claims: [claimOf({ metadata: { deletionTimestamp: 'now' } })] },
      'Provisioning',
      'the disk `data` has to wait: the claim `press-3-data` of that name is still being deleted',
    ],
    [
      {
        claims: [claimOf({ phase: 'Pending' })],
        storageClasses: [storageClass('longhorn', { volumeBindingMode: 'WaitForFirstConsumer' })],
      },
      'WaitingForConsumer',
      'the disk `data` gets its volume once the machine starts',
    ],
    [
      { claims: [filledClaim()], dataVolumes: [dataVolumeOf({ phase: 'PendingPopulation' })] },
      'WaitingForConsumer',
      'the disk `data` is filled once the machine starts',
    ],
  ] as const)('tells how it stands: %j', ([cluster, reason, message]) => {
    expect(told(data, cluster)).toMatchObject({ reason, message });
  });

  it('is told together with others, the gravest reason first', () => {
    const two = wukongWith([data, { name: 'fast', size: '1Gi', storageClassName: 'fast' }]);

    expect(planDisks(two, seenWith()).verdict).toEqual({
      status: 'False',
      reason: 'StorageClassNotFound',
      message:
        'the disk `data` is being made; the disk `fast` asks for the storage class fast, which is not there (there are: longhorn); create it, or make the Wukong anew with another',
    });
  });
});

describe('a mistake in a disk', () => {
  it.for<[WukongDisk, string]>([
    [{ name: 'data' }, 'spec.disks[data].size: a disk that is made has a size such as 10Gi'],
    [{ name: 'data', size: '4000000K' }, 'spec.disks[data].size: a disk that is made has a size such as 10Gi'],
    [{ name: 'data', size: '0Gi' }, 'spec.disks[data].size: a disk that is made has a size such as 10Gi'],
    [
      { ...data, image: 'a/b', accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] },
      'spec.disks[data].accessModes: a disk that is filled has one access mode; CDI takes no more',
    ],
    [
      { name: 'data', bus: 'sata', source: { existingClaim: { name: 'old', readOnly: true } } },
      'spec.disks[data].bus: a disk on sata cannot be read-only; use virtio, scsi or usb',
    ],
    [
      { ...data, hotpluggable: true },
      'spec.disks[data].hotpluggable: the disk that the machine boots from cannot come and go while it runs',
    ],
  ])('B8: %j is refused, and nothing is made', ([disk, message]) => {
    const { mistakes, objects } = planDisks(wukongWith([disk]), seenWith());

    expect(mistakes).toEqual([{ reason: 'InvalidSpec', message }]);
    expect(objects).toEqual([]);
  });
});

function owner(kind: string) {
  return { apiVersion: 'v1', kind, name: 'press', uid: 'another' };
}
