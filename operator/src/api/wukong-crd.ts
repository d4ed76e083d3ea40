import type { KubeObject } from '#kube/object';
import { group } from './wukong.ts';
import { wukongSpecSchema } from './wukong-spec-schema.ts';
import { wukongStatusSchema } from './wukong-status-schema.ts';

const text = { type: 'string' };
const columns = [
  { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Node', type: 'string', jsonPath: '.status.nodeName' },
  { name: 'IP', type: 'string', jsonPath: '.status.networks[0].ipAddress', priority: 1 },
  { name: 'CPU', type: 'integer', jsonPath: '.spec.cpu', priority: 1 },
  { name: 'Memory', type: 'string', jsonPath: '.spec.memory', priority: 1 },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

const version = {
  name: 'v1alpha1',
  served: true,
  storage: true,
  subresources: { status: {} },
  additionalPrinterColumns: columns,
  schema: {
    openAPIV3Schema: {
      type: 'object',
      description: 'A virtual machine in twenty lines.',
      required: ['spec'],
      properties: {
        apiVersion: text,
        kind: text,
        metadata: { type: 'object' },
        spec: wukongSpecSchema,
        status: wukongStatusSchema,
      },
      'x-kubernetes-validations': [
        {
          // KubeVirt puts the name of the machine, which is three characters longer, into labels and host names.
          rule: 'self.metadata.name.size() <= 57',
          message: 'the name of a Wukong has at most 57 characters',
        },
      ],
    },
  },
};

/** The CustomResourceDefinition of Wukong; manifests/operator/crds.yaml is generated from it. */
export function wukongCrd(): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `wukongs.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Wukong', listKind: 'WukongList', plural: 'wukongs', singular: 'wukong', shortNames: ['wk'] },
      versions: [version],
    },
  };
}
