import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthOf, isLess } from './claim-size.ts';
import { claimOf, dataVolumeOf, filledClaim, machineWith, seenWith, storageClass } from './test-storage.ts';

const sized = (size: string) => ({ name: 'data', size });
const growth = (size: string, claim = claimOf(), seen = seenWith()) => growthOf(sized(size), claim, undefined, seen);

describe('the size of a claim', () => {
  it('B7: grows with the specification', () => {
    expect(growth('20Gi')).toEqual({
      size: { request: '20Gi', asked: '20Gi' },
      finding: { reason: 'Expanding', message: 'the disk `data` is growing to 20Gi' },
    });
  });

  it('stays when the same is said in other words', () => {
    expect(growth('10240Mi').size.request).toBe('10Gi');
    expect(growth('10240Mi').finding).toBeUndefined();
  });

  it.for([
    ['that nobody has bound', claimOf({ phase: 'Pending' })],
    ['that somebody has made larger', claimOf({ request: '30Gi', asked: '10Gi' })],
    ['that CDI has rounded up', filledClaim({ request: '22Gi', asked: '20Gi' })],
  ] as const)('of a claim %s is left alone', ([, claim]) => {
    const { size, finding, mistake } = growth('20Gi', claim);

    expect({ request: size.request, finding, mistake }).toEqual({ request: claim['spec'].resources.requests.storage });
  });

  it('of a claim without a record is compared with what its DataVolume asked for', () => {
    const claim = filledClaim({ request: '11Gi', metadata: { annotations: {} } });

    expect(growthOf(sized('10Gi'), claim, dataVolumeOf({}), seenWith()).mistake).toBeUndefined();
  });
});

describe('a class without expansion', () => {
  it.for([
    ['nothing', undefined],
    ['no', false],
  ] as const)('B24: that says %s of expansion refuses it', ([, allowVolumeExpansion]) => {
    const seen = seenWith({ storageClasses: [storageClass('longhorn', { allowVolumeExpansion })] });

    expect(growth('20Gi', claimOf(), seen)).toEqual({
      size: { request: '10Gi', asked: '10Gi' },
      finding: {
        reason: 'ExpansionUnsupported',
        message:
          'the disk `data` cannot grow: the storage class longhorn does not say allowVolumeExpansion: true; allow that there if its driver can expand volumes, or add a larger disk and move the data',
      },
    });
  });

  it('that is gone refuses it too', () => {
    expect(growth('20Gi', claimOf({ class: 'gone' })).finding?.reason).toBe('ExpansionUnsupported');
  });
});

describe('a claim that grows', () => {
  it.for([
    ['while it has less than it requests', { capacity: '10Gi' }, 'the disk `data` is growing to 20Gi'],
    ['while its driver is at it', { capacity: '20Gi', type: 'Resizing' }, 'the disk `data` is growing to 20Gi'],
    [
      'while its file system is to follow',
      { capacity: '10Gi', type: 'FileSystemResizePending' },
      'the disk `data` is growing to 20Gi; the rest of it is done while the machine runs',
    ],
  ] as const)('is told %s', ([, { capacity, ...rest }, message]) => {
    const conditions = 'type' in rest ? [{ type: rest.type, status: 'True' }] : [];

    expect(growth('20Gi', claimOf({ request: '20Gi', capacity, conditions })).finding).toEqual({
      reason: 'Expanding',
      message,
    });
  });

  it('is done when it has what it requests', () => {
    expect(growth('20Gi', claimOf({ request: '20Gi' })).finding).toBeUndefined();
  });

  it('waits for a snapshot that is being taken', () => {
    const seen = seenWith({ vm: machineWith(['data'], { snapshotInProgress: 'nightly' }) });

    expect(growth('20Gi', claimOf(), seen)).toEqual({
      size: { request: '10Gi', asked: '10Gi' },
      finding: {
        reason: 'Expanding',
        message: 'the disk `data` grows as soon as the snapshot that is under way is taken',
      },
    });
  });

  it('says why it cannot, and the way out', () => {
    const conditions = [{ type: 'ControllerResizeError', status: 'True', message: 'the pool is full' }];

    expect(growth('100Gi', claimOf({ request: '100Gi', capacity: '10Gi', conditions })).finding?.message).toBe(
      'the disk `data` cannot grow to 100Gi: the pool is full; make room for it, or set its size back to anything from the 10Gi that it has',
    );
  });
});

describe('a smaller size', () => {
  it('is refused, and the claim stays as it is', () => {
    expect(growth('5Gi')).toEqual({
      size: { request: '10Gi', asked: '10Gi' },
      mistake: {
        reason: 'ShrinkRefused',
        message:
          'spec.disks[data].size: 5Gi is less than the 10Gi that the disk has, and a disk never shrinks; set it to at least that',
      },
    });
  });

  it('takes back what was never granted', () => {
    const failed = claimOf({ request: '100Gi', capacity: '10Gi' });

    expect(growth('20Gi', failed).size).toEqual({ request: '20Gi', asked: '20Gi' });
  });

  it('back at what the disk has is settled: Kubernetes takes no request that is as low', () => {
    const failed = claimOf({ request: '100Gi', capacity: '10Gi' });

    expect(growth('10Gi', failed)).toEqual({ size: { request: '100Gi', asked: '100Gi' } });
  });

  it('is refused below that', () => {
    expect(growth('9Gi', claimOf({ request: '100Gi', capacity: '10Gi' })).mistake?.reason).toBe('ShrinkRefused');
  });
});

describe('whatever the sizes', () => {
  const sizes = fc.integer({ min: 1, max: 400 }).map((gib) => `${gib}Gi`);

  it('a request only ever falls to what is above the capacity, and what is asked for settles', () => {
    fc.assert(
      fc.property(sizes, sizes, sizes, (size, request, capacity) => {
        const first = growth(size, claimOf({ request, capacity })).size;
        const isFall = isLess(first.request, request);
        expect(isFall && !isLess(capacity, first.request)).toBe(false);
        const then = growth(size, claimOf({ ...first, capacity }));
        expect(then.size).toEqual(first);
      }),
    );
  });
});
