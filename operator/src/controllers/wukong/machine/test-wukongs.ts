import type { Wukong } from '../../../api/wukong.ts';
import { wukongWith } from '../disks/test-storage.ts';

export const minimal: Wukong = wukongWith([{ name: 'data', size: '10Gi' }]);

const spread = {
  maxSkew: 1,
  topologyKey: 'topology.kubernetes.io/zone',
  whenUnsatisfiable: 'ScheduleAnyway',
  labelSelector: { matchLabels: { 'vm.novasphere.dev/wukong': 'press-3' } },
};
const onAmd = { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] };

export const everything: Wukong = wukongWith(
  [
    { name: 'data', size: '10Gi', boot: true, bus: 'scsi' },
    { name: 'hot', size: '1Gi', hotpluggable: true },
    { name: 'old', source: { existingClaim: { name: 'old-data', readOnly: true } } },
  ],
  {
    cpu: 4,
    memory: '8Gi',
    power: 'On',
    cpuModel: 'host-passthrough',
    dedicatedCpu: true,
    hugepages: '1Gi',
    machineType: 'pc-q35-rhel9.6.0',
    firmware: 'uefi',
    gpus: [{ name: 'gpu1', deviceName: 'nvidia.com/TU104GL' }],
    highAvailability: {
      restartPolicy: 'OnFailure',
      antiAffinity: true,
      nodeSelector: { 'example.com/hall': 'north' },
      tolerations: [{ key: 'example.com/press', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }],
    },
    scheduling: {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [onAmd] }] },
        },
      },
      topologySpreadConstraints: [spread],
      priorityClassName: 'plant-critical',
      schedulerName: 'plant-scheduler',
    },
    evictionStrategy: 'LiveMigrateIfPossible',
    terminationGracePeriodSeconds: 600,
  },
);

export const windows = {
  wukong: wukongWith([{ name: 'data', size: '60Gi', bus: 'sata' }], {
    cpu: 4,
    memory: '8Gi',
    firmware: 'uefi-secure',
    cpuModel: 'host-model',
  }),
  networks: {
    networks: [{ name: 'default', pod: {} }],
    interfaces: [{ name: 'default', masquerade: {}, model: 'e1000e' }],
  },
};

export const sriov = {
  wukong: wukongWith([{ name: 'data', size: '10Gi' }], {
    cpu: 8,
    memory: '16Gi',
    dedicatedCpu: true,
    hugepages: '2Mi',
  }),
  networks: {
    networks: [{ name: 'fast', multus: { networkName: 'press-3-fast-nad' } }],
    interfaces: [{ name: 'fast', macAddress: '02:a7:75:17:24:b8', sriov: {}, model: 'virtio' }],
  },
};
