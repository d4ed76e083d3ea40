import type { Json } from '#kube/json';

const name = { type: 'string', minLength: 1, maxLength: 40, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' };
const quantity = {
  type: 'string',
  maxLength: 20,
  pattern: '^([1-9][0-9]*(\\.[0-9]+)?|0?\\.[0-9]+)(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E)?$',
  'x-kubernetes-validations': [
    {
      rule: "isQuantity(self) && quantity(self).isGreaterThan(quantity('0'))",
      message: 'a size is more than nothing',
    },
  ],
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
    {
      rule: 'has(self.storageClassName) == has(oldSelf.storageClassName) && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)',
      message: 'the storage class of a disk cannot be changed',
    },
    { rule: 'quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0', message: 'a disk never shrinks' },
    { rule: "self.name != 'cloudinitdisk'", message: 'the disk name cloudinitdisk is kept for cloud-init' },
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

/** What a Wukong may say, with everything that the API server can check by itself. */
export const wukongSpecSchema: Json = {
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
