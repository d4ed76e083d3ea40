import { describe, expect, it } from 'vitest';
import type { Wukong } from '../../../api/wukong.ts';
import { planDisks } from './plan-disks.ts';
import { claimOf, dataVolumeOf, seenWith, storageClass, wukongWith } from './test-storage.ts';

const uses = (readOnly?: boolean) =>
  wukongWith([
    { name: 'data', source: { existingClaim: { name: 'old', ...(readOnly === undefined ? {} : { readOnly }) } } },
  ]);
const old = (has: Parameters<typeof claimOf>[0] = {}) =>
  claimOf({ ...has, metadata: { name: 'old', labels: {}, annotations: {}, ownerReferences: [], ...has.metadata } });
const other = (more: Partial<Wukong['metadata']>, wukong = uses()): Wukong => ({
  ...wukong,
  metadata: { ...wukong.metadata, name: 'press-2', uid: 'another', ...more },
});
const older = other({ creationTimestamp: '2026-11-20T08:00:00Z' });
const younger = other({ creationTimestamp: '2026-11-22T08:00:00Z' });

describe('a claim that the user made', () => {
  it('is used, and never touched', () => {
    const plan = planDisks(uses(), seenWith({ claims: [old()] }));

    expect(plan).toEqual({
      objects: [],
      disks: [{ name: 'data', disk: { bus: 'virtio' }, bootOrder: 1 }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'old' } }],
      statuses: [{ name: 'data', pvcName: 'old', bound: true, size: '10Gi', capacity: '10Gi', requested: '10Gi' }],
      verdict: { status: 'True', reason: 'VolumesReady', message: 'every disk is there and filled' },
      ready: true,
      mistakes: [],
    });
  });

  it('is read-only for the pod and for the guest', () => {
    const plan = planDisks(uses(true), seenWith({ claims: [old()] }));

    expect(plan.disks).toEqual([{ name: 'data', disk: { bus: 'virtio', readonly: true }, bootOrder: 1 }]);
    expect(plan.volumes).toEqual([{ name: 'data', persistentVolumeClaim: { claimName: 'old', readOnly: true } }]);
  });

  it.for([
    ['is not there', [], 'is not there'],
    ['is being deleted', [old({ metadata: { deletionTimestamp: '2026-11-21T09:00:00Z' } })], 'is being deleted'],
  ] as const)('that %s is waited for', ([, claims, state]) => {
    const plan = planDisks(uses(), seenWith({ claims }));

    expect(plan.ready).toBe(false);
    expect(plan.verdict).toEqual({
      status: 'False',
      reason: 'ClaimNotFound',
      message: `the disk \`data\` uses the claim \`old\`, which ${state}; create it, or name another in spec.disks[data].source.existingClaim`,
    });
  });

  it('that one machine at a time can have stays with the older Wukong', () => {
    const plan = planDisks(uses(), seenWith({ claims: [old()], users: [uses(), younger, older] }));

    expect(plan.ready).toBe(false);
    expect(plan.verdict).toEqual({
      status: 'False',
      reason: 'NameConflict',
      message:
        'the disk `data` uses the claim `old`, which one machine at a time can have, and the Wukong `press-2` has it; take it away there, or use a claim that is ReadWriteMany',
    });
  });

  it.for<[string, readonly Wukong[], boolean | undefined, readonly string[]]>([
    ['the others are younger', [younger], undefined, ['ReadWriteOnce']],
    ['many may write to it', [older], undefined, ['ReadWriteMany']],
    ['many may read it, and this one only reads', [older], true, ['ReadOnlyMany']],
    [
      'the other only copies it',
      [other({}, wukongWith([{ name: 'x', size: '1Gi', source: { pvc: { name: 'old' } } }]))],
      undefined,
      ['ReadWriteOnce'],
    ],
  ])('is given out when %s', ([, users, readOnly, accessModes]) => {
    expect(planDisks(uses(readOnly), seenWith({ claims: [old({ accessModes })], users })).ready).toBe(true);
  });

  it('that another Wukong made stays with that one, also if it is younger', () => {
    const maker = { ...younger, ...wukongWith([{ name: 'data', size: '1Gi' }]) };
    const made = { ...maker, metadata: { ...younger.metadata, name: 'press-9' } };
    const wukong = wukongWith([{ name: 'data', source: { existingClaim: { name: 'press-9-data' } } }]);
    const claim = old({ metadata: { name: 'press-9-data' } });

    expect(planDisks(wukong, seenWith({ claims: [claim], users: [made] })).verdict.reason).toBe('NameConflict');
  });

  it('that is still being filled is waited for', () => {
    const dataVolume = dataVolumeOf({ phase: 'ImportInProgress', progress: '12.5%' }, { name: 'old' });
    const plan = planDisks(uses(), seenWith({ claims: [old()], dataVolumes: [dataVolume] }));

    expect(plan.ready).toBe(false);
    expect(plan.verdict.message).toBe('the disk `data` is being filled from its own source');
    expect(plan.statuses).toMatchObject([{ phase: 'ImportInProgress', progress: '12.5%' }]);
  });

  it('without a volume waits for the machine where its class does', () => {
    const late = storageClass('longhorn', { volumeBindingMode: 'WaitForFirstConsumer' });
    const claims = [old({ phase: 'Pending' })];

    expect(planDisks(uses(), seenWith({ claims })).ready).toBe(false);
    expect(planDisks(uses(), seenWith({ claims, storageClasses: [late] })).ready).toBe(true);
  });

  it('that is smaller than the disk is told, and used', () => {
    const wukong = wukongWith([{ name: 'data', size: '20Gi', source: { existingClaim: { name: 'old' } } }]);
    const plan = planDisks(wukong, seenWith({ claims: [old()] }));

    expect(plan.ready).toBe(true);
    expect(plan.verdict).toEqual({
      status: 'False',
      reason: 'ExpansionUnsupported',
      message:
        'the disk `data` uses the claim `old`, which has 10Gi and not 20Gi; it is yours, so grow the claim itself',
    });
  });
});
