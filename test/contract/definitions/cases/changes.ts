import type { Json } from '#kube/json';
import { type Change, disk, valid } from './case.ts';
import { largest } from './largest.ts';

const change = (about: string, before: Json, after: Json): Change => [
  about,
  { ...valid, disks: [{ ...disk, ...before }] },
  { disks: [{ ...disk, ...after }] },
];
const image = 'quay.io/a/b:1';
const data = { name: 'data', size: '1Gi' };

export const accepted: readonly Change[] = [
  change('a disk that grows', {}, { size: '11Gi' }),
  change('a disk that is as large in other words', {}, { size: '10240Mi' }),
  change('the same image', { image }, { image, size: '12Gi' }),
  change('the same source', { source: { pvc: { name: 'a' } } }, { source: { pvc: { name: 'a' } }, boot: true }),
  change('the same storage class', { storageClassName: 'a' }, { storageClassName: 'a', boot: true }),
  change(
    'the same modes',
    { accessModes: ['ReadWriteMany'], volumeMode: 'Block' },
    { accessModes: ['ReadWriteMany'], volumeMode: 'Block', deletePolicy: 'Retain' },
  ),
  ['a disk more', valid, { disks: [disk, data] }],
  ['a disk less', { ...valid, disks: [disk, data] }, { disks: [disk] }],
  ['disks in another order', { ...valid, disks: [disk, data] }, { disks: [data, disk] }],
  ['one thing of the largest', largest, { cpu: 3, disks: largest.disks.toReversed() }],
  ['fewer processors', valid, { cpu: 1 }],
  ['the same osImage', { ...valid, osImage: image }, { osImage: image, cpu: 1 }],
];

export const refused: readonly Change[] = [
  change('a disk that shrinks', {}, { size: '10239Mi' }),
  [
    'a disk that shrinks in another order',
    { ...valid, disks: [data, disk] },
    { disks: [disk, { ...data, size: '1Mi' }] },
  ],
  change('another image', { image }, { image: 'quay.io/a/b:2' }),
  change('an image where there was none', {}, { image }),
  change('no image where there was one', { image }, {}),
  change('another source', { source: { pvc: { name: 'a' } } }, { source: { pvc: { name: 'b' } } }),
  change('a source of another kind', { source: { pvc: { name: 'a' } } }, { source: { blank: {} } }),
  change('a source where there was none', {}, { source: { blank: {} } }),
  change('no source where there was one', { source: { blank: {} } }, {}),
  change('an image that becomes a source', { image }, { source: { image } }),
  change('another storage class', { storageClassName: 'a' }, { storageClassName: 'b' }),
  change('a storage class where there was none', {}, { storageClassName: 'b' }),
  change('no storage class where there was one', { storageClassName: 'a' }, {}),
  change('other access modes', { accessModes: ['ReadWriteOnce'] }, { accessModes: ['ReadWriteMany'] }),
  change('access modes where there were none', {}, { accessModes: ['ReadWriteMany'] }),
  change('no access modes where there were some', { accessModes: ['ReadWriteMany'] }, {}),
  change('another volume mode', { volumeMode: 'Block' }, { volumeMode: 'Filesystem' }),
  change('a volume mode where there was none', {}, { volumeMode: 'Block' }),
  change('no volume mode where there was one', { volumeMode: 'Block' }, {}),
  ['another osImage', { ...valid, osImage: image }, { osImage: 'quay.io/a/b:2' }],
  ['an osImage where there was none', valid, { osImage: image }],
  ['no osImage where there was one', { ...valid, osImage: image }, { osImage: null }],
];
