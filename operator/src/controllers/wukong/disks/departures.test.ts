import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/object';
import type { WukongDisk } from '../../../api/wukong.ts';
import { type Departure, lastClaims, ownersToDrop, removedClaims } from './departures.ts';
import { claimOf, dataVolumeOf, filledClaim, machineWith, wukongWith } from './test-storage.ts';

const root: WukongDisk = { name: 'root', size: '1Gi' };
const data: WukongDisk = { name: 'data', size: '10Gi' };
const without = wukongWith([root]);
const nothing = { claims: [], dataVolumes: [], vm: undefined, vmi: undefined };
const done = dataVolumeOf({ phase: 'Succeeded' });
const retained = { 'vm.novasphere.dev/disk': 'data', 'vm.novasphere.dev/delete-policy': 'Retain' };
const keptLabels = { ...retained, 'vm.novasphere.dev/wukong-uid': '6f1c0f52-6a57-4f6e-9f0e-0d6f6a1c7f11' };
const kept = claimOf({ metadata: { labels: keptLabels, ownerReferences: [] } });
const instance: KubeObject = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstance',
  metadata: { name: 'press-3-vm' },
  spec: { volumes: [] },
  status: { volumeStatus: [{ name: 'data', persistentVolumeClaimInfo: { claimName: 'press-3-data' } }] },
};
const short = ({ remove, release, waits }: Departure) => ({
  remove: remove.map(({ kind }) => kind),
  release: release.map(({ object }) => object.kind),
  waits,
});
const waiting = { remove: [], release: [], waits: ['the disk `data` goes once the machine has let go of it'] };

describe('a disk that has left the specification', () => {
  it('goes', () => {
    expect(short(removedClaims(without, { ...nothing, claims: [claimOf()] }))).toEqual({
      remove: ['PersistentVolumeClaim'],
      release: [],
      waits: [],
    });
  });

  it('goes with its DataVolume, which takes the claim along', () => {
    expect(short(removedClaims(without, { ...nothing, claims: [filledClaim()], dataVolumes: [done] })).remove).toEqual([
      'DataVolume',
    ]);
  });

  it.for([
    ['machine', { vm: machineWith(['root', 'data']) }],
    ['instance', { vm: machineWith(['root']), vmi: instance }],
    [
      'instance, which has not said so yet,',
      { vm: machineWith(['root']), vmi: { ...machineWith(['data'])['spec'].template } },
    ],
  ] as const)('waits for the %s that has it', ([, holder]) => {
    expect(short(removedClaims(without, { ...nothing, claims: [claimOf()], ...holder }))).toEqual(waiting);
  });

  it('stays, and belongs to nobody, if it is to be kept', () => {
    const departure = removedClaims(without, { ...nothing, claims: [kept] });

    expect(short(departure)).toEqual({ remove: [], release: ['PersistentVolumeClaim'], waits: [] });
    expect(departure.release[0]?.patch).toEqual({
      metadata: { labels: { 'vm.novasphere.dev/wukong-uid': null }, ownerReferences: [] },
    });
  });

  it.for([
    ['of another Wukong', claimOf({ metadata: { ownerReferences: [], labels: { 'vm.novasphere.dev/disk': 'data' } } })],
    ['that is no disk', claimOf({ metadata: { labels: {} } })],
  ] as const)('is not mistaken for a claim %s', ([, claim]) => {
    expect(removedClaims(without, { ...nothing, claims: [claim] })).toEqual({ remove: [], release: [], waits: [] });
  });

  it('is not one that is still there', () => {
    expect(removedClaims(wukongWith([data]), { ...nothing, claims: [claimOf()] }).remove).toEqual([]);
  });
});

describe('when the Wukong goes', () => {
  it('B19: its disks go, imported or empty', () => {
    expect(short(lastClaims(wukongWith([data]), { ...nothing, claims: [claimOf()] })).remove).toEqual([
      'PersistentVolumeClaim',
    ]);
    expect(
      short(lastClaims(wukongWith([data]), { ...nothing, claims: [filledClaim()], dataVolumes: [done] })).remove,
    ).toEqual(['DataVolume']);
  });

  it('the claim of a DataVolume that is gone already goes too', () => {
    expect(short(lastClaims(wukongWith([data]), { ...nothing, claims: [filledClaim()] })).remove).toEqual([
      'PersistentVolumeClaim',
    ]);
  });

  it('what is going already is waited for', () => {
    const going = claimOf({ metadata: { deletionTimestamp: 'now' } });

    expect(short(lastClaims(wukongWith([data]), { ...nothing, claims: [going] }))).toEqual({
      remove: [],
      release: [],
      waits: ['the disk `data` is still being deleted'],
    });
  });

  it('a disk that is to be kept stays, with its DataVolume', () => {
    const wukong = wukongWith([{ ...data, deletePolicy: 'Retain' }]);

    expect(short(lastClaims(wukong, { ...nothing, claims: [filledClaim()], dataVolumes: [done] }))).toEqual({
      remove: [],
      release: ['DataVolume', 'PersistentVolumeClaim'],
      waits: [],
    });
  });

  it('a disk that has left the specification before is kept if it was to be', () => {
    expect(short(lastClaims(without, { ...nothing, claims: [kept] }))).toMatchObject({
      remove: [],
      release: ['PersistentVolumeClaim'],
    });
  });

  it('a disk that is to be kept does not go with the machine that a restore gave it to', () => {
    const machine = {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      name: 'press-3-vm',
      uid: 'x',
      controller: true,
    };
    const claim = claimOf({ metadata: { labels: keptLabels, ownerReferences: [machine] } });

    expect(lastClaims(without, { ...nothing, claims: [claim] }).release).toMatchObject([
      { patch: { metadata: { ownerReferences: [] } } },
    ]);
  });

  it('a disk that was kept is nobody’s business any more', () => {
    const free = claimOf({ metadata: { labels: retained, ownerReferences: [] } });

    expect(lastClaims(wukongWith([data]), { ...nothing, claims: [free] })).toEqual({
      remove: [],
      release: [],
      waits: [],
    });
  });
});

describe('a disk to be kept', () => {
  const wukong = wukongWith([{ ...data, deletePolicy: 'Retain' }]);
  const vm = machineWith(['data']);
  const ofMachine = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    name: 'press-3-vm',
    uid: 'machine-uid',
    controller: true,
  };
  const mark = {
    'vm.novasphere.dev/wukong-uid': '6f1c0f52-6a57-4f6e-9f0e-0d6f6a1c7f11',
    'vm.novasphere.dev/delete-policy': 'Retain',
  };

  it.for([
    ['the Wukong', claimOf()],
    ['the machine, which a restore gave it to', claimOf({ metadata: { ownerReferences: [ofMachine] } })],
  ] as const)('is taken from %s, so that it does not go with it', ([, claim]) => {
    expect(ownersToDrop(wukong, { ...nothing, vm, claims: [claim] })).toEqual([
      { object: claim, patch: { metadata: { labels: mark, ownerReferences: [] } } },
    ]);
  });

  it('is left with its DataVolume, and alone when it has no owner', () => {
    const seen = {
      ...nothing,
      claims: [filledClaim({ metadata: { labels: keptLabels } }), kept],
      dataVolumes: [dataVolumeOf({}, { ownerReferences: [] })],
    };

    expect(ownersToDrop(wukong, seen)).toEqual([]);
  });

  it('is only that: others keep their owners', () => {
    expect(ownersToDrop(wukongWith([data]), { ...nothing, vm, claims: [claimOf()] })).toEqual([]);
  });
});
