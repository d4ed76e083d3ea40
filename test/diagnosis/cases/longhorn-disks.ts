import type { KubeObject } from '#kube/object';
import type { Case } from '../case.ts';
import type { Conditioned, Scene } from '../scene.ts';
import { creating, running } from '../states.ts';
import { logrus, manager, namespace } from './longhorn.ts';
import { claim, storageClass } from './storage-objects.ts';

const disk = {
  path: '/var/lib/longhorn/',
  diskType: 'filesystem',
  allowScheduling: true,
  evictionRequested: false,
  storageReserved: 0,
  tags: [],
};

/** Longhorn's own idea of a node; a condition whose type begins with `disk` is one of its disk. */
async function longhornNode(
  scene: Scene,
  conditions: readonly Conditioned[],
  onDisk: readonly Conditioned[] | 'unknown' = [],
): Promise<KubeObject> {
  await scene.node();
  const full = (all: readonly Conditioned[]) =>
    scene.conditions(...all).map((one) => ({ message: '', ...one, lastProbeTime: '' }));
  const node = {
    apiVersion: 'longhorn.io/v1beta2',
    kind: 'Node',
    metadata: { name: 'node-a', namespace },
    spec: { name: 'node-a', allowScheduling: true, evictionRequested: false, tags: [], disks: { data: disk } },
  };
  const good: Conditioned = ['Ready', 'True', ''];
  const diskStatus =
    onDisk === 'unknown'
      ? {}
      : {
          data: {
            conditions: full(onDisk),
            diskUUID: 'd1',
            storageAvailable: 0,
            storageMaximum: 0,
            storageScheduled: 0,
            scheduledReplica: {},
          },
        };
  return scene.make(node, {
    conditions: full([good, ...conditions]),
    diskStatus,
    zone: '',
    region: '',
    snapshotCheckStatus: {},
    autoEvicting: false,
  });
}

const nodeSays = (name: string, ...condition: Conditioned): Case => ({
  ids: [name === 'longhorn-packages-missing' ? 30 : name === 'longhorn-mounts-not-shared' ? 35 : 42],
  name,
  build: async (scene) => void (await longhornNode(scene, [condition])),
});

export const longhornDiskCases: readonly Case[] = [
  nodeSays(
    'longhorn-packages-missing',
    'RequiredPackages',
    'False',
    'PackagesNotInstalled',
    'Missing packages: [open-iscsi nfs-common]',
  ),
  nodeSays(
    'longhorn-mounts-not-shared',
    'MountPropagation',
    'False',
    'NoMountPropagationSupport',
    'Node node-a does not support mount propagation',
  ),
  {
    ids: [36],
    name: 'longhorn-without-disks',
    async build(scene) {
      const node = await longhornNode(scene, []);
      await scene.bed.client.patch(
        { apiVersion: 'longhorn.io/v1beta2', kind: 'Node', namespace, name: 'node-a' },
        { spec: { disks: { data: null } }, metadata: { resourceVersion: node.metadata.resourceVersion } },
      );
      await storageClass(scene);
      await claim(scene, 'data');
    },
  },
  {
    ids: [37],
    name: 'longhorn-disk-exchanged',
    build: async (scene) =>
      void (await longhornNode(
        scene,
        [],
        [
          [
            'Ready',
            'False',
            'DiskFilesystemChanged',
            "Disk data(/var/lib/longhorn/) on node node-a is not ready: record diskUUID doesn't match the one on the disk",
          ],
        ],
      )),
  },
  {
    ids: [38],
    name: 'longhorn-disk-not-measured',
    async build(scene) {
      await longhornNode(scene, [], 'unknown');
      const pod = await scene.workload('DaemonSet', namespace, 'longhorn-manager', manager);
      await scene.podStatus(pod, running('longhorn-manager'));
      scene.says(
        pod,
        'longhorn-manager',
        logrus('warning', 'mismatching disks in node resource object and monitor collected data'),
      );
    },
  },
  {
    ids: [39],
    name: 'no-room-for-a-volume',
    async build(scene) {
      await longhornNode(
        scene,
        [],
        [
          ['Ready', 'True', ''],
          ['Schedulable', 'True', ''],
        ],
      );
      const status = {
        state: 'detached',
        robustness: 'unknown',
        kubernetesStatus: { namespace: 'default', pvcName: 'data', pvName: 'pvc-1' },
        conditions: scene
          .conditions([
            'Scheduled',
            'False',
            'ReplicaSchedulingFailure',
            'precheck new replica failed: insufficient storage',
          ])
          .map((one) => ({ ...one, lastProbeTime: '' })),
      };
      await scene.make(
        {
          apiVersion: 'longhorn.io/v1beta2',
          kind: 'Volume',
          metadata: { name: 'pvc-1', namespace },
          spec: { size: '1073741824', numberOfReplicas: 2, frontend: 'blockdev' },
        },
        status,
      );
    },
  },
  nodeSays(
    'longhorn-module-missing',
    'KernelModulesLoaded',
    'False',
    'KernelModulesNotLoaded',
    'Kernel modules [dm_crypt] are not loaded on node node-a',
  ),
  nodeSays(
    'longhorn-nfs-client-missing',
    'NFSClientInstalled',
    'False',
    'NFSClientIsNotFound',
    'NFS clients [CONFIG_NFS_V4_2 CONFIG_NFS_V4_1 CONFIG_NFS_V4] not found. At least one should be enabled',
  ),
  {
    ids: [40, 42],
    name: 'longhorn-multipathd-runs',
    async build(scene) {
      const said =
        'multipathd is running with a known issue that affects Longhorn. See https://longhorn.io/kb/troubleshooting-volume-with-multipath';
      await longhornNode(scene, [['Multipathd', 'False', 'MultipathdIsRunning', said]]);
      const pod = await scene.workload('Deployment', 'default', 'shop');
      await scene.podStatus(pod, creating('shop'));
      await scene.event(
        pod,
        'FailedMount',
        'MountVolume.MountDevice failed for volume "pvc-1" : rpc error: code = Internal desc = mount failed: mount: /dev/longhorn/pvc-1 already mounted or mount point busy.',
        6,
      );
    },
  },
];
