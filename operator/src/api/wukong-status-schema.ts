import type { Json } from '#kube/json';

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
/** What the operator says of a Wukong. */
export const wukongStatusSchema: Json = {
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
