import type { Signature } from './signature.ts';

const condition = 'condition of nodes.longhorn.io';
const disk = 'condition of a disk of nodes.longhorn.io';
const host = 'novasphere apply PROFILE --only host';

/** What Longhorn finds on machines, disks and volumes. */
export const longhornDiskSignatures: readonly Signature[] = [
  {
    id: 36,
    title: 'Longhorn without disks',
    seen: 'nodes.longhorn.io',
    cause: 'Longhorn has no disk on any node: none has the label or the annotation that makes it take one',
    remedies: [
      'kubectl label node {node} node.longhorn.io/create-default-disk=true',
      'novasphere apply PROFILE --only longhorn          adds the disks of the profile',
    ],
  },
  {
    id: 37,
    title: 'Longhorn disk exchanged',
    seen: disk,
    pattern: /record diskUUID doesn't match the one on the disk/,
    cause:
      'the disk was formatted or exchanged since Longhorn wrote its mark on it; whatever replicas it held are gone',
    remedies: [
      'kubectl -n longhorn-system get replicas.longhorn.io -o wide          first: which replicas lay on it',
      'kubectl -n longhorn-system edit nodes.longhorn.io {node}          set allowScheduling: false, then remove the disk from spec.disks',
      'novasphere apply PROFILE --only longhorn          adds it again',
    ],
  },
  {
    id: 38,
    title: 'Longhorn disk not measured',
    seen: 'log of longhorn-manager, where a disk has no state',
    pattern: /mismatching disks in node resource object and monitor collected data/,
    cause:
      'Longhorn has not measured the disk yet; at a first start that passes within a minute, later the path of the disk has changed',
    remedies: [
      'kubectl -n longhorn-system get nodes.longhorn.io {node} -o yaml          spec.disks and status.diskStatus',
      'novasphere apply PROFILE --only longhorn          gives the disk the path of the profile',
    ],
  },
  {
    id: 39,
    title: 'No room for a volume',
    seen: 'condition Scheduled of volumes.longhorn.io',
    pattern:
      /ReplicaSchedulingFailure|LocalReplicaSchedulingFailure|insufficient storage|disks are unavailable|precheck new replica failed/,
    cause:
      'Longhorn finds no place for a replica: it keeps 25 % of each disk free, and wants each replica on a node of its own',
    remedies: [
      'kubectl -n longhorn-system get nodes.longhorn.io -o yaml          storageAvailable and storageReserved of each disk',
      'set components.longhorn.replicas of the profile to at most the number of nodes',
      'kubectl -n longhorn-system patch volumes.longhorn.io {name} --type merge -p \'{"spec":{"numberOfReplicas":1}}\'',
    ],
  },
  {
    id: 40,
    title: 'Multipath holds the volume',
    seen: 'event FailedMount of a Pod',
    pattern: /already mounted or mount point busy/,
    cause: 'multipathd of the machine has taken the disk of the volume for itself',
    remedies: [
      'multipath -ll          on {node}: which disks it holds',
      `${host}          excludes the disks of Longhorn`,
    ],
  },
  {
    id: 41,
    title: 'Stale iSCSI records',
    seen: 'log of instance-manager, event FailedAttachVolume of a Pod',
    pattern: /iscsiadm: cannot make connection to [^ ]+: No route to host/,
    cause: 'iscsid of the machine still has records of a network that is no more',
    remedies: [
      'iscsiadm -m node -o delete && iscsiadm -m iface          on {node}: delete the records and look for old interfaces',
      'systemctl restart iscsid          on {node}',
    ],
  },
  {
    id: 42,
    title: 'Kernel module missing',
    seen: condition,
    pattern: /Kernel modules \[[^\]]*\] are not loaded/,
    cause: 'the machine lacks a kernel module that Longhorn uses for encrypted volumes',
    remedies: [
      `${host}          loads the modules, now and at every start`,
      'modprobe dm_crypt          on {node}, until its next start',
    ],
  },
  {
    id: 42,
    title: 'NFS client missing',
    seen: condition,
    pattern: /NFS clients .* not found|NFSClientIsNotFound/,
    cause: 'the machine has no NFS client, without which volumes for more than one node do not work',
    remedies: [`${host}          installs nfs-common`],
  },
  {
    id: 42,
    title: 'Multipathd runs',
    seen: `${condition}, where a volume is held`,
    pattern: /MultipathdIsRunning|multipathd is running/,
    cause: 'multipathd takes the disks of volumes for itself, unless it is told to leave them alone',
    remedies: [
      `${host}          excludes the disks of Longhorn`,
      'systemctl disable --now multipathd          on {node}, where nothing needs it',
    ],
  },
];
