import { type Case, valid, withDisk, withIp, withNetworks } from './case.ts';

const wrong = 'Not_A_Name';
const url = 'https://example.com/a.img';

/** What is named is named as Kubernetes has it, wherever it stands. */
export const refused: readonly Case[] = [
  ['an image as a source, from s3', withDisk({ source: { image: 's3://bucket/key' } })],
  ['the Secret of a download', withDisk({ source: { http: { url, secretRef: wrong } } })],
  ['the certificates of a download', withDisk({ source: { http: { url, certConfigMap: wrong } } })],
  ['the Secret of an object store', withDisk({ source: { s3: { url, secretRef: wrong } } })],
  ['the certificates of an object store', withDisk({ source: { s3: { url, certConfigMap: wrong } } })],
  ['a claim to copy', withDisk({ source: { pvc: { name: wrong } } })],
  ['a snapshot to copy', withDisk({ source: { volumeSnapshot: { name: wrong } } })],
  ['a storage class', withDisk({ storageClassName: wrong })],
  ['a network', withNetworks({ name: wrong, nadName: 'lan' })],
  ['an uplink', withNetworks({ name: 'lan', type: 'bridge', physicalInterface: 'eth 0' })],
  ['an exclusion', withIp({ mode: 'ipam', ipam: { range: '10.0.0.0/8', exclude: ['10.0.0.7'] } })],
  ['the Secret of user data', { ...valid, cloudInit: { userDataSecretRef: { name: wrong } } }],
  [
    'the Secret of a password',
    { ...valid, cloudInitUser: { name: 'a', passwordSecretRef: { name: wrong, key: 'a' } } },
  ],
  ['a GPU', { ...valid, gpus: [{ name: wrong, deviceName: 'a.com/b' }] }],
  ['a machine type', { ...valid, machineType: 'q 35' }],
  ['a priority', { ...valid, scheduling: { priorityClassName: wrong } }],
  ['a scheduler', { ...valid, scheduling: { schedulerName: wrong } }],
];
