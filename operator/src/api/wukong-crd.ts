import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { group } from './wukong.ts';

const name = { type: 'string', minLength: 1, maxLength: 40, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' };
const quantity = {
  type: 'string',
  maxLength: 20,
  pattern: '^([1-9][0-9]*(\\.[0-9]+)?|0?\\.[0-9]+)(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E)?$',
};

const disk = {
  type: 'object',
  required: ['name', 'size'],
  properties: {
    name: { ...name, description: 'Id of the disk; its claim is called <wukong>-<disk>.' },
    size: { ...quantity, description: 'Capacity, as a Kubernetes quantity such as 10Gi. It may grow, never shrink.' },
    boot: { type: 'boolean', description: 'The disk to boot from; without any, the first one.' },
    image: {
      type: 'string',
      maxLength: 253,
      description:
        'What to fill the disk with: docker://…, oci-archive://…, http(s)://… or an image reference. Absent: empty.',
    },
    storageClassName: { type: 'string', maxLength: 253, description: "Absent: the cluster's default class." },
  },
  'x-kubernetes-validations': [
    {
      rule: "!has(self.image) || self.image.matches('^(https?|docker|oci-archive)://.+$') || (!self.image.contains('://') && self.image.matches('^[a-z0-9][a-zA-Z0-9_.:/@-]+$'))",
      message: 'image must be docker://…, oci-archive://…, http(s)://… or an image reference',
    },
    {
      rule: 'has(self.image) == has(oldSelf.image) && (!has(self.image) || self.image == oldSelf.image)',
      message: 'the image of a disk cannot be changed',
    },
    { rule: 'quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0', message: 'a disk never shrinks' },
  ],
};

const network = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { ...name, description: 'Id of the NIC; `default` is the pod network.' },
    nadName: {
      type: 'string',
      maxLength: 127,
      description: 'An existing NetworkAttachmentDefinition: name, or namespace/name.',
    },
  },
  'x-kubernetes-validations': [
    { rule: "(self.name == 'default') != has(self.nadName)", message: 'every network but `default` names a nadName' },
  ],
};

const spec = {
  type: 'object',
  required: ['cpu', 'memory', 'disks'],
  properties: {
    cpu: { type: 'integer', minimum: 1, maximum: 64, description: 'vCPUs.' },
    memory: { ...quantity, description: 'Memory of the guest, as a Kubernetes quantity such as 2Gi.' },
    power: { type: 'string', enum: ['On', 'Off'], description: 'Whether the machine runs. Absent: On.' },
    disks: listByName(disk, 32, 1),
    networks: listByName(network, 16, 0),
    cloudInit: {
      type: 'object',
      required: ['userDataSecretRef'],
      properties: {
        userDataSecretRef: {
          type: 'object',
          required: ['name'],
          description: 'A Secret of the same namespace whose key `userdata` is given to the guest at first boot.',
          properties: { name: { type: 'string', minLength: 1, maxLength: 253 } },
        },
      },
    },
  },
  'x-kubernetes-validations': [
    { rule: 'self.disks.filter(d, has(d.boot) && d.boot).size() <= 1', message: 'at most one disk boots' },
  ],
};

function listByName(items: Json, maxItems: number, minItems: number): Json {
  return {
    type: 'array',
    minItems,
    maxItems,
    items,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
  };
}

const condition = {
  type: 'object',
  required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
  properties: {
    type: { type: 'string', maxLength: 316 },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    reason: { type: 'string', maxLength: 1024 },
    message: { type: 'string', maxLength: 32768 },
    observedGeneration: { type: 'integer', format: 'int64' },
    lastTransitionTime: { type: 'string', format: 'date-time' },
  },
};

function listOf(keys: readonly string[], properties: Json): Json {
  return {
    type: 'array',
    items: { type: 'object', required: keys, properties },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': keys,
  };
}

const text = { type: 'string' };
const status = {
  type: 'object',
  properties: {
    phase: { type: 'string', enum: ['Pending', 'Creating', 'Running', 'Stopped', 'Error'] },
    observedGeneration: { type: 'integer', format: 'int64' },
    vmName: text,
    vmStatus: text,
    nodeName: text,
    networks: listOf(['name'], { name: text, ipAddress: text, macAddress: text, interface: text }),
    volumes: listOf(['name'], {
      name: text,
      pvcName: text,
      bound: { type: 'boolean' },
      phase: text,
      progress: text,
      capacity: text,
    }),
    conditions: {
      type: 'array',
      items: condition,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    },
  },
};

const columns = [
  { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Node', type: 'string', jsonPath: '.status.nodeName' },
  { name: 'IP', type: 'string', jsonPath: '.status.networks[0].ipAddress', priority: 1 },
  { name: 'CPU', type: 'integer', jsonPath: '.spec.cpu', priority: 1 },
  { name: 'Memory', type: 'string', jsonPath: '.spec.memory', priority: 1 },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** The CustomResourceDefinition of Wukong; manifests/operator/crd.yaml is generated from it. */
export function wukongCrd(): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `wukongs.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Wukong', listKind: 'WukongList', plural: 'wukongs', singular: 'wukong', shortNames: ['wk'] },
      versions: [
        {
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
              properties: { apiVersion: text, kind: text, metadata: { type: 'object' }, spec, status },
            },
          },
        },
      ],
    },
  };
}
