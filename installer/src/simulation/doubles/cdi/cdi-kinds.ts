import type { PlatformKind } from '../platform-crd.ts';

const group = 'cdi.kubevirt.io';
const forklift = 'forklift.cdi.kubevirt.io';
const versions = 'v1beta1*';
const age = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };
const volumeColumns = [
  { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
  { name: 'Progress', type: 'string', jsonPath: '.status.progress' },
  { name: 'Restarts', type: 'integer', jsonPath: '.status.restartCount' },
  age,
];

/** The 11 kinds that cdi-operator v1.65.0 creates, in its order; which have a status subresource differs, as in the real ones. */
export const cdiKinds: readonly PlatformKind[] = [
  {
    kind: 'DataVolume',
    group,
    versions,
    shortNames: ['dv', 'dvs'],
    all: true,
    status: true,
    spec: {},
    columns: volumeColumns,
  },
  { kind: 'CDIConfig', group, versions, cluster: true },
  { kind: 'StorageProfile', group, versions, cluster: true, status: true },
  { kind: 'DataSource', group, versions, shortNames: ['das'], all: true },
  { kind: 'DataImportCron', group, versions, shortNames: ['dic', 'dics'], all: true },
  { kind: 'ObjectTransfer', group, versions, shortNames: ['ot', 'ots'], cluster: true, status: true },
  { kind: 'VolumeImportSource', group, versions },
  { kind: 'VolumeUploadSource', group, versions },
  { kind: 'VolumeCloneSource', group, versions },
  { kind: 'OvirtVolumePopulator', group: forklift, versions, shortNames: ['ovvp', 'ovvps'] },
  { kind: 'OpenstackVolumePopulator', group: forklift, versions, shortNames: ['osvp', 'osvps'] },
];
