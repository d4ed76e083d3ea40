import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/object';
import { possessionOf } from './possession.ts';
import { claimOf, dataVolumeOf, filledClaim, machineWith, seenWith, uid, wukongWith } from './test-storage.ts';

const data = { name: 'data', size: '10Gi' };
const wukong = wukongWith([data]);
const owner = (kind: string, name: string, of: string) => [{ apiVersion: 'v1', kind, name, uid: of, controller: true }];
const owned = (ownerReferences: KubeObject['metadata']['ownerReferences'], labels: Record<string, string> = {}) =>
  claimOf({ metadata: { labels, ...(ownerReferences === undefined ? {} : { ownerReferences }) } });
const mark = { 'vm.novasphere.dev/wukong-uid': uid };

describe('a claim of the name of a disk', () => {
  it.for<[string, KubeObject, 'ours' | 'guest' | 'foreign']>([
    ['whose owner is the Wukong', owned(owner('Wukong', 'press-3', uid)), 'ours'],
    ['with our mark and without an owner', owned([], mark), 'ours'],
    ['that came from our DataVolume', filledClaim({ metadata: { labels: {} } }), 'guest'],
    ['that a restore gave to our machine', owned(owner('VirtualMachine', 'press-3-vm', 'machine-uid')), 'guest'],
    [
      'with our mark, of a DataVolume of its name that is not seen',
      owned(owner('DataVolume', 'press-3-data', 'x'), mark),
      'guest',
    ],
    [
      'with our mark, of our machine that is not seen',
      owned(owner('VirtualMachine', 'press-3-vm', 'x'), mark),
      'guest',
    ],
    ['without owner and mark', owned([]), 'foreign'],
    ['with the mark of another', owned([], { 'vm.novasphere.dev/wukong-uid': 'another' }), 'foreign'],
    ['of another Wukong, whatever its mark', owned(owner('Wukong', 'press-3', 'another'), mark), 'foreign'],
    ['of a DataVolume that is not ours', owned(owner('DataVolume', 'press-3-data', 'x')), 'foreign'],
    ['of another machine, whatever its mark', owned(owner('VirtualMachine', 'press-2-vm', 'x'), mark), 'foreign'],
  ])('%s is %s', ([, claim, whose]) => {
    const seen = seenWith({
      claims: [claim],
      dataVolumes: [dataVolumeOf({ phase: 'Succeeded' })],
      vm: machineWith(['data']),
    });
    const found = possessionOf(wukong, data, seen);

    expect(found.foreign === undefined ? (found.isGuest === true ? 'guest' : 'ours') : 'foreign').toBe(whose);
  });

  it('is nobody’s while the Wukong has no identity', () => {
    const unborn = { ...wukong, metadata: { name: 'press-3', namespace: 'plant' } };

    expect(possessionOf(unborn, data, seenWith({ claims: [owned([])] })).foreign).toBeDefined();
  });
});
