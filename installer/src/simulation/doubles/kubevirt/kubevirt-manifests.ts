import type { Json } from '#kube/json';
import { platformCrd } from '../platform-crd.ts';

const env = [
  { name: 'VIRT_OPERATOR_IMAGE', value: 'quay.io/kubevirt/virt-operator:v1.8.4' },
  { name: 'KUBEVIRT_VERSION', value: 'v1.8.4' },
];

/** For tests: a KubeVirt operator of the same kinds as the real manifest, and no more than its double looks at. */
export const kubevirtOperator: readonly Json[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kubevirt' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'kubevirt' } },
  {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'kubevirt-cluster-critical' },
    value: 1_000_000_000,
  },
  platformCrd({
    kind: 'KubeVirt',
    group: 'kubevirt.io',
    versions: 'v1* v1alpha3',
    shortNames: ['kv', 'kvs'],
    all: true,
    status: true,
  }),
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'virt-operator', namespace: 'kubevirt', labels: { 'kubevirt.io': 'virt-operator' } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { 'kubevirt.io': 'virt-operator' } },
      template: {
        metadata: { labels: { 'kubevirt.io': 'virt-operator' } },
        spec: { containers: [{ name: 'virt-operator', image: 'quay.io/kubevirt/virt-operator:v1.8.4', env }] },
      },
    },
  },
];

/** The KubeVirt object, with whatever a test wishes in its spec. */
export function kubevirtObject(spec: Json = {}): Json {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'KubeVirt',
    metadata: { name: 'kubevirt', namespace: 'kubevirt' },
    spec,
  };
}

/** A virtual machine as small as they come: a container disk and the pod network. */
export function cirros(name: string, change: Json = {}, template: Json = {}): Json {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, namespace: 'default' },
    spec: {
      runStrategy: 'Always',
      ...change,
      template: {
        spec: {
          domain: {
            devices: {
              disks: [{ name: 'd', disk: { bus: 'virtio' } }],
              interfaces: [{ name: 'default', masquerade: {} }],
            },
            memory: { guest: '128Mi' },
          },
          networks: [{ name: 'default', pod: {} }],
          volumes: [{ name: 'd', containerDisk: { image: 'quay.io/kubevirt/cirros-container-disk-demo:v1.8.4' } }],
          ...template,
        },
      },
    },
  };
}
