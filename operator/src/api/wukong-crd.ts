import type { KubeObject } from '#kube/object';
import { definitionOf } from './schema/definition.ts';
import { wukongRules } from './schema/root-rules.ts';
import { WukongSpec } from './schema/spec.ts';
import { WukongStatus } from './schema/status.ts';
import { structural } from './schema/structural.ts';

/** The CustomResourceDefinition of Wukong; manifests/operator/crds.yaml is generated from it. */
export function wukongCrd(): KubeObject {
  return definitionOf({
    group: 'vm.novasphere.dev',
    version: 'v1alpha1',
    kind: 'Wukong',
    shortName: 'wk',
    description: 'A virtual machine in twenty lines.',
    columns: [
      { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
      { name: 'Node', type: 'string', jsonPath: '.status.nodeName' },
      { name: 'IP', type: 'string', jsonPath: '.status.networks[0].ipAddress' },
      { name: 'CPU', type: 'integer', jsonPath: '.spec.cpu', priority: 1 },
      { name: 'Memory', type: 'string', jsonPath: '.spec.memory', priority: 1 },
      { name: 'VM', type: 'string', jsonPath: '.status.vmName', priority: 1 },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ],
    spec: structural(WukongSpec),
    status: structural(WukongStatus),
    rules: wukongRules,
  });
}
