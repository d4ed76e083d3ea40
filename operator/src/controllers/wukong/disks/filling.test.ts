import { describe, expect, it } from 'vitest';
import type { DiskSource, WukongDisk } from '../../../api/wukong.ts';
import { bootDiskOf, fillingOf } from './filling.ts';
import { wukongWith } from './test-storage.ts';

const sourceFor = (disk: Partial<WukongDisk>) => {
  const [one] = [{ name: 'data', size: '1Gi', ...disk }];
  const filling = fillingOf(wukongWith([one]), one);
  return filling.kind === 'filled' ? filling.source : filling.kind;
};

describe('what a disk is filled from', () => {
  it.for([
    ['docker://quay.io/a/b:1', { registry: { pullMethod: 'node', url: 'docker://quay.io/a/b:1' } }],
    ['quay.io/a/b:1', { registry: { pullMethod: 'node', url: 'docker://quay.io/a/b:1' } }],
    ['ubuntu', { registry: { pullMethod: 'node', url: 'docker://ubuntu' } }],
    ['quay.io/a/b@sha256:0f', { registry: { pullMethod: 'node', url: 'docker://quay.io/a/b@sha256:0f' } }],
    ['oci-archive:///images/a.tar', { registry: { url: 'oci-archive:///images/a.tar' } }],
    ['https://example.com/a.qcow2', { http: { url: 'https://example.com/a.qcow2' } }],
    ['http://example.com/a.img', { http: { url: 'http://example.com/a.img' } }],
  ] as const)('B9: the image %s is the source that CDI takes', ([image, source]) => {
    expect(sourceFor({ image })).toEqual(source);
    expect(sourceFor({ source: { image } })).toEqual(source);
  });

  it.for<[string, DiskSource, unknown]>([
    [
      'an address, with its secret, certificates and checksum',
      { http: { url: 'https://a/b', secretRef: 's', certConfigMap: 'c', checksum: 'sha256:0f' } },
      { http: { url: 'https://a/b', secretRef: 's', certConfigMap: 'c', checksum: 'sha256:0f' } },
    ],
    ['a bucket', { s3: { url: 's3://a/b', secretRef: 's' } }, { s3: { url: 's3://a/b', secretRef: 's' } }],
    ['a claim of the same namespace', { pvc: { name: 'gold' } }, { pvc: { name: 'gold', namespace: 'plant' } }],
    [
      'a snapshot of the same namespace',
      { volumeSnapshot: { name: 'gold' } },
      { snapshot: { name: 'gold', namespace: 'plant' } },
    ],
    ['nothing, when it says so', { blank: {} }, 'empty'],
    ['nothing, when there is a claim already', { existingClaim: { name: 'old' } }, 'existing'],
  ])('can be %s', ([, source, wanted]) => {
    expect(sourceFor({ source })).toEqual(wanted);
  });

  it('is the osImage for the boot disk, and for no other', () => {
    const wukong = wukongWith([{ name: 'a' }, { name: 'b', boot: true }], { osImage: 'ubuntu:24.04' });

    expect(wukong.spec.disks.map((disk) => fillingOf(wukong, disk).kind)).toEqual(['empty', 'filled']);
  });

  it.for<[string, Partial<WukongDisk>, string]>([
    ['its own image', { image: 'debian:13' }, 'debian:13'],
    ['its own source', { source: { image: 'debian:13' } }, 'debian:13'],
    ['the osImage', {}, 'ubuntu:24.04'],
  ])('of a boot disk is %s', ([, disk, from]) => {
    const wukong = wukongWith([{ name: 'root', ...disk }], { osImage: 'ubuntu:24.04' });

    expect(wukong.spec.disks.map((one) => fillingOf(wukong, one))).toMatchObject([{ from }]);
  });

  it('of a boot disk that is to be blank is nothing, also with an osImage', () => {
    const wukong = wukongWith([{ name: 'root', source: { blank: {} } }], { osImage: 'ubuntu:24.04' });

    expect(wukong.spec.disks.map((disk) => fillingOf(wukong, disk).kind)).toEqual(['empty']);
  });

  it('is told without what opens its door', () => {
    const told = ['https://me:secret@a/b.img', 'https://a/b.img?signature=secret'].map((image) => {
      const wukong = wukongWith([{ name: 'root', image }]);
      return wukong.spec.disks.map((disk) => fillingOf(wukong, disk));
    });

    expect(told.flat()).toMatchObject([{ from: 'https://a/b.img' }, { from: 'https://a/b.img' }]);
  });
});

describe('the disk to boot from', () => {
  it('is the marked one, else the first', () => {
    expect(bootDiskOf(wukongWith([{ name: 'a' }, { name: 'b', boot: true }]).spec)?.name).toBe('b');
    expect(bootDiskOf(wukongWith([{ name: 'a' }, { name: 'b' }]).spec)?.name).toBe('a');
  });
});
