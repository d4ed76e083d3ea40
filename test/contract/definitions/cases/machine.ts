import type { Json } from '#kube/json';
import { type Case, valid } from './case.ts';
import { largest } from './largest.ts';

const starting = (runStrategy: string | undefined, restartPolicy?: string, autoStart?: boolean): Json => ({
  ...valid,
  startStrategy: { ...(runStrategy && { runStrategy }), ...(autoStart !== undefined && { autoStart }) },
  ...(restartPolicy && { highAvailability: { restartPolicy } }),
});

export const accepted: readonly Case[] = [
  ['as much of everything as there can be', largest],
  ['64 processors', { ...valid, cpu: 64 }],
  ['memory of half a gibibyte', { ...valid, memory: '.5Gi' }],
  ['memory in lower-case k', { ...valid, memory: '4000000k' }],
  ['a machine that is off', { ...valid, power: 'Off' }],
  ['a machine that is paused', { ...valid, power: 'Paused' }],
  ['an image for a boot disk without one', { ...valid, osImage: 'quay.io/containerdisks/debian:13' }],
  [
    'an image for the first disk, while another one has its own',
    {
      ...valid,
      osImage: 'a/b',
      disks: [
        { name: 'root', size: '1Gi' },
        { name: 'data', size: '1Gi', image: 'a/c' },
      ],
    },
  ],
  ['whole huge pages of 1Gi', { ...valid, memory: '3Gi', hugepages: '1Gi' }],
  ['whole huge pages of 2Mi', { ...valid, memory: '130Mi', hugepages: '2Mi', dedicatedCpu: true }],
  ['huge pages counted in k', { ...valid, memory: '2097152k', hugepages: '2Mi' }],
  [
    'a model, a machine type and a firmware',
    { ...valid, cpuModel: 'host-passthrough', machineType: 'pc-q35-9.2', firmware: 'uefi-secure' },
  ],
  ['a GPU', { ...valid, gpus: [{ name: 'gpu0', deviceName: 'nvidia.com/TU104GL_Tesla_T4' }] }],
  ['autoStart false alone', starting(undefined, undefined, false)],
  ['autoStart false with Manual', starting('Manual', 'Never', false)],
  ['autoStart true with Always', starting('Always', undefined, true)],
  ['Always twice', starting('Always', 'Always')],
  ['RerunOnFailure with OnFailure', starting('RerunOnFailure', 'OnFailure')],
  ['no grace at all', { ...valid, terminationGracePeriodSeconds: 0 }],
  ['a snapshot to restore', { ...valid, restoreFromSnapshot: 'before-upgrade', power: 'Off' }],
  [
    'scheduling in the words of Kubernetes',
    {
      ...valid,
      evictionStrategy: 'LiveMigrateIfPossible',
      highAvailability: {
        antiAffinity: true,
        nodeSelector: { 'kubernetes.io/hostname': 'plant-7-a' },
        tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }],
      },
      scheduling: {
        priorityClassName: 'production',
        schedulerName: 'default-scheduler',
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 100,
                podAffinityTerm: {
                  topologyKey: 'kubernetes.io/hostname',
                  labelSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] },
                },
              },
            ],
          },
        },
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'zone',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { a: 'b' } },
          },
        ],
      },
    },
  ],
];

export const refused: readonly Case[] = [
  ['no processor', { ...valid, cpu: 0 }],
  ['65 processors', { ...valid, cpu: 65 }],
  ['half a processor', { ...valid, cpu: 0.5 }],
  ['B8: memory in K, which Kubernetes does not know', { ...valid, memory: '4000000K' }],
  ['B8: memory of nothing', { ...valid, memory: '0' }],
  ['B8: memory of nothing in Gi', { ...valid, memory: '0.0Gi' }],
  ['memory below nothing', { ...valid, memory: '-1Gi' }],
  ['memory that is a number', { ...valid, memory: 2 }],
  ['power of another word', { ...valid, power: 'Standby' }],
  ['no list of disks', { cpu: 1, memory: '1Gi' }],
  [
    'an image twice for the first disk',
    { ...valid, osImage: 'a/b', disks: [{ name: 'root', size: '1Gi', image: 'a/c' }] },
  ],
  [
    'an image beside the source of the disk that boots',
    {
      ...valid,
      osImage: 'a/b',
      disks: [
        { name: 'data', size: '1Gi' },
        { name: 'root', size: '1Gi', boot: true, source: { blank: {} } },
      ],
    },
  ],
  ['an operating system that is no image', { ...valid, osImage: 'ftp://mirror/debian.img' }],
  ['half a huge page of 1Gi', { ...valid, memory: '1536Mi', hugepages: '1Gi' }],
  ['half a huge page of 2Mi', { ...valid, memory: '129Mi', hugepages: '2Mi' }],
  ['a huge page of another size', { ...valid, hugepages: '4Mi' }],
  ['a model with a blank', { ...valid, cpuModel: 'host passthrough' }],
  ['a GPU without a maker', { ...valid, gpus: [{ name: 'gpu0', deviceName: 'TU104GL' }] }],
  [
    'two GPUs of one name',
    { ...valid, gpus: ['a.com/b', 'a.com/c'].map((deviceName) => ({ name: 'gpu0', deviceName })) },
  ],
  ['autoStart false with Always', starting('Always', undefined, false)],
  ['Always with Never', starting('Always', 'Never')],
  ['Always with OnFailure', starting('Always', 'OnFailure')],
  ['RerunOnFailure with Always', starting('RerunOnFailure', 'Always')],
  ['grace of two days', { ...valid, terminationGracePeriodSeconds: 172_800 }],
  ['a snapshot in capitals', { ...valid, restoreFromSnapshot: 'Before' }],
  ['a toleration of another effect', { ...valid, highAvailability: { tolerations: [{ key: 'a', effect: 'Never' }] } }],
];
