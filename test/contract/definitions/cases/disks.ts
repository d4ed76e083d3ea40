import { type Case, disk, valid, withDisk } from './case.ts';

const hash = '0123456789abcdef'.repeat(4);
const images = [
  'docker://quay.io/a/b:1',
  'oci-archive:///images/a.tar',
  'https://example.com/a.qcow2',
  'http://example.com:8080/a.img?x=1',
  'quay.io/a/b@sha256:00',
  'ubuntu',
];

export const accepted: readonly Case[] = [
  ['one disk of two that boots', { ...valid, disks: [disk, { ...disk, name: 'b', boot: true }] }],
  ['a name of 32 characters', withDisk({ name: 'a'.repeat(32) })],
  ...images.map((image): Case => [`the image ${image}`, withDisk({ image })]),
  ['the image as a source', withDisk({ source: { image: 'quay.io/a/b:1' } })],
  [
    'a download with everything',
    withDisk({
      source: {
        http: { url: 'https://example.com/a.img', secretRef: 'login', certConfigMap: 'ca', checksum: `sha256:${hash}` },
      },
    }),
  ],
  [
    'an object store',
    withDisk({ source: { s3: { url: 's3://images/a.img', secretRef: 'login', certConfigMap: 'ca' } } }),
  ],
  ['a copy of a claim', withDisk({ source: { pvc: { name: 'golden' } } })],
  ['a copy of a snapshot', withDisk({ source: { volumeSnapshot: { name: 'golden' } } })],
  ['an empty disk, said aloud', withDisk({ source: { blank: {} } })],
  [
    'an existing claim without a size',
    { ...valid, disks: [{ name: 'root', source: { existingClaim: { name: 'old', readOnly: true } } }] },
  ],
  ['an existing claim with a size', withDisk({ source: { existingClaim: { name: 'old' } } })],
  [
    'everything that a disk can say',
    withDisk({
      storageClassName: 'longhorn',
      accessModes: ['ReadWriteMany', 'ReadWriteOnce'],
      volumeMode: 'Block',
      deletePolicy: 'Retain',
      bus: 'scsi',
      hotpluggable: true,
    }),
  ],
];

export const refused: readonly Case[] = [
  ['no disk', { ...valid, disks: [] }],
  ['33 disks', { ...valid, disks: Array.from({ length: 33 }, (_, index) => ({ name: `d${index}`, size: '1Gi' })) }],
  ['two disks of one name', { ...valid, disks: [disk, disk] }],
  ['two disks that boot', { ...valid, disks: ['a', 'b'].map((name) => ({ ...disk, name, boot: true })) }],
  ['a disk without a size', { ...valid, disks: [{ name: 'root' }] }],
  ['an image without a size', { ...valid, disks: [{ name: 'root', image: 'a/b' }] }],
  ['B8: a disk of no size', withDisk({ size: '.0Gi' })],
  ['B8: a disk in K', withDisk({ size: '100K' })],
  ['a disk name in capitals', withDisk({ name: 'Root' })],
  ['a disk name of 33 characters', withDisk({ name: 'a'.repeat(33) })],
  ['the disk name of cloud-init', withDisk({ name: 'cloudinitdisk' })],
  ['an image from s3', withDisk({ image: 's3://bucket/key' })],
  ['an image from ftp', withDisk({ image: 'ftp://host/file' })],
  ['an image with a blank', withDisk({ image: 'ubuntu 24.04' })],
  ['a URL with a blank', withDisk({ image: 'https://example.com/a b' })],
  ['an image and a source', withDisk({ image: 'a/b', source: { blank: {} } })],
  ['a source of nothing', withDisk({ source: {} })],
  ['two sources', withDisk({ source: { blank: {}, pvc: { name: 'golden' } } })],
  ['a download from s3', withDisk({ source: { http: { url: 's3://bucket/key' } } })],
  ['an object store without a key', withDisk({ source: { s3: { url: 's3://bucket' } } })],
  ['a checksum without its algorithm', withDisk({ source: { http: { url: 'https://a/b', checksum: hash } } })],
  ['a claim of a wrong name', withDisk({ source: { existingClaim: { name: 'Old_Data' } } })],
  ['another access mode', withDisk({ accessModes: ['RWX'] })],
  ['another bus', withDisk({ bus: 'ide' })],
  ['a boot disk that comes and goes', withDisk({ boot: true, hotpluggable: true })],
  ['a disk that comes and goes on sata', withDisk({ bus: 'sata', hotpluggable: true })],
];
