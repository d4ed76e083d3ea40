import { describe, expect, it } from 'vitest';
import type { WukongDisk } from '../../../api/wukong.ts';
import { defaultClass, modesFor } from './storage-class.ts';
import { general, seenWith, storageClass } from './test-storage.ts';

const virtual = { 'storageclass.kubevirt.io/is-default-virt-class': 'true' };
const usual = { 'storageclass.kubernetes.io/is-default-class': 'true' };
const at = (name: string, creationTimestamp: string) => {
  const found = storageClass(name, { annotations: usual });
  return { ...found, metadata: { ...found.metadata, creationTimestamp } };
};

describe('the class of a disk that names none', () => {
  it('is the one for machines, as for the disks that CDI fills', () => {
    const classes = [general, storageClass('longhorn-vm', { annotations: virtual })];

    expect(defaultClass(classes)?.metadata.name).toBe('longhorn-vm');
  });

  it('is the newest of two defaults', () => {
    const classes = [at('old', '2026-01-01T00:00:00Z'), at('new', '2026-02-01T00:00:00Z')];

    expect(defaultClass(classes)?.metadata.name).toBe('new');
    expect(defaultClass(classes.toReversed())?.metadata.name).toBe('new');
  });

  it('is none where none is marked', () => {
    expect(defaultClass([storageClass('fast')])).toBeUndefined();
  });
});

describe('how an empty disk is asked for', () => {
  const block = { accessModes: ['ReadWriteMany'], volumeMode: 'Block' };
  const file = { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem' };
  const { profile } = seenWith({ profiles: { longhorn: [block, file] } });

  it.for<[string, Partial<WukongDisk>, string | undefined, unknown]>([
    ['best, as CDI knows the class', {}, 'longhorn', block],
    [
      'as it says itself',
      { accessModes: ['ReadWriteOnce'], volumeMode: 'Block' },
      'longhorn',
      { ...block, accessModes: ['ReadWriteOnce'] },
    ],
    ['in the best way that has its mode', { volumeMode: 'Filesystem' }, 'longhorn', file],
    ['in the best way that has its access', { accessModes: ['ReadWriteOnce'] }, 'longhorn', file],
    ['with a file system, on a class that CDI does not know', {}, 'unknown', file],
  ])('is %s', ([, disk, name, wanted]) => {
    expect(modesFor({ name: 'data', ...disk }, profile(name ?? ''))).toEqual(wanted);
  });
});
