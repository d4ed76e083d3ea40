import type { KubeObject } from '#kube/object';
import { definitionOf } from './schema/definition.ts';
import { WukongSnapshotSpec, WukongSnapshotStatus } from './schema/snapshot.ts';
import { structural } from './schema/structural.ts';

/** The CustomResourceDefinition of WukongSnapshot; manifests/operator/crds.yaml is generated from it. */
export function wukongSnapshotCrd(): KubeObject {
  return definitionOf({
    group: 'vm.novasphere.dev',
    version: 'v1alpha1',
    kind: 'WukongSnapshot',
    shortName: 'wks',
    description: 'The disks of a Wukong as they were at one point in time.',
    columns: [
      { name: 'Wukong', type: 'string', jsonPath: '.spec.wukongName' },
      { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
      { name: 'Ready', type: 'boolean', jsonPath: '.status.readyToUse' },
      { name: 'Taken', type: 'date', jsonPath: '.status.creationTime' },
      { name: 'Size', type: 'string', jsonPath: '.status.restoreSize', priority: 1 },
      { name: 'Error', type: 'string', jsonPath: '.status.error', priority: 1 },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ],
    spec: structural(WukongSnapshotSpec),
    status: structural(WukongSnapshotStatus),
    rules: {},
  });
}
