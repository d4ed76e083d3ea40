import type { PlatformKind } from '../platform-crd.ts';

const vmColumns = [
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  { name: 'Status', type: 'string', jsonPath: '.status.printableStatus' },
  { name: 'Ready', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].status" },
];
const vmiColumns = [
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
  { name: 'IP', type: 'string', jsonPath: '.status.interfaces[0].ipAddress' },
  { name: 'NodeName', type: 'string', jsonPath: '.status.nodeName' },
  { name: 'Ready', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].status" },
];
const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const vmSpec = {
  required: ['template'],
  properties: { running: { type: 'boolean' }, runStrategy: { type: 'string' }, template: open },
};
const vmiSpec = { required: ['domain'], properties: { domain: { ...open, required: ['devices'] } } };

const core = 'kubevirt.io';
const snapshot = 'snapshot.kubevirt.io';
const instancetype = 'instancetype.kubevirt.io';

function named(short: string): readonly string[] {
  return [short, `${short}s`];
}

/** The 18 kinds that virt-operator v1.8.4 creates, in its order. */
export const kubevirtKinds: readonly PlatformKind[] = [
  {
    kind: 'VirtualMachineInstance',
    group: core,
    versions: 'v1* v1alpha3',
    shortNames: named('vmi'),
    all: true,
    spec: vmiSpec,
    columns: vmiColumns,
  },
  {
    kind: 'VirtualMachineInstancePreset',
    group: core,
    versions: 'v1 v1alpha3*',
    shortNames: named('vmipreset'),
    all: true,
  },
  {
    kind: 'VirtualMachineInstanceReplicaSet',
    group: core,
    versions: 'v1* v1alpha3',
    shortNames: named('vmirs'),
    all: true,
    status: true,
  },
  {
    kind: 'VirtualMachine',
    group: core,
    versions: 'v1* v1alpha3',
    shortNames: named('vm'),
    all: true,
    status: true,
    spec: vmSpec,
    columns: vmColumns,
  },
  {
    kind: 'VirtualMachineInstanceMigration',
    group: core,
    versions: 'v1* v1alpha3',
    shortNames: named('vmim'),
    all: true,
    status: true,
  },
  {
    kind: 'VirtualMachineSnapshot',
    group: snapshot,
    versions: 'v1alpha1 v1beta1*',
    shortNames: named('vmsnapshot'),
    all: true,
    status: true,
  },
  {
    kind: 'VirtualMachineSnapshotContent',
    group: snapshot,
    versions: 'v1alpha1 v1beta1*',
    shortNames: named('vmsnapshotcontent'),
    all: true,
    status: true,
  },
  {
    kind: 'VirtualMachineRestore',
    group: snapshot,
    versions: 'v1alpha1 v1beta1*',
    shortNames: named('vmrestore'),
    all: true,
    status: true,
  },
  {
    kind: 'VirtualMachineInstancetype',
    group: instancetype,
    versions: 'v1beta1*',
    shortNames: [...named('vminstancetype'), ...named('vmf')],
    all: true,
  },
  {
    kind: 'VirtualMachineClusterInstancetype',
    group: instancetype,
    versions: 'v1beta1*',
    shortNames: [...named('vmclusterinstancetype'), ...named('vmcf')],
    cluster: true,
  },
  {
    kind: 'VirtualMachinePool',
    group: 'pool.kubevirt.io',
    versions: 'v1alpha1 v1beta1*',
    shortNames: named('vmpool'),
    all: true,
    status: true,
  },
  {
    kind: 'MigrationPolicy',
    plural: 'migrationpolicies',
    group: 'migrations.kubevirt.io',
    versions: 'v1alpha1*',
    cluster: true,
    status: true,
  },
  {
    kind: 'VirtualMachinePreference',
    group: instancetype,
    versions: 'v1beta1*',
    shortNames: [...named('vmpref'), ...named('vmp')],
    all: true,
  },
  {
    kind: 'VirtualMachineClusterPreference',
    group: instancetype,
    versions: 'v1beta1*',
    shortNames: named('vmcp'),
    cluster: true,
  },
  {
    kind: 'VirtualMachineExport',
    group: 'export.kubevirt.io',
    versions: 'v1alpha1 v1beta1*',
    shortNames: named('vmexport'),
    all: true,
    status: true,
  },
  {
    kind: 'VirtualMachineClone',
    group: 'clone.kubevirt.io',
    versions: 'v1alpha1 v1beta1*',
    shortNames: named('vmclone'),
    all: true,
    status: true,
  },
  {
    kind: 'VirtualMachineBackup',
    group: 'backup.kubevirt.io',
    versions: 'v1alpha1*',
    shortNames: named('vmbackup'),
    all: true,
    status: true,
  },
  {
    kind: 'VirtualMachineBackupTracker',
    group: 'backup.kubevirt.io',
    versions: 'v1alpha1*',
    shortNames: named('vmbackuptracker'),
    all: true,
    status: true,
  },
];
