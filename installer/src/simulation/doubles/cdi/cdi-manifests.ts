import type { Json } from '#kube/json';
import { platformCrd } from '../platform-crd.ts';

const registry = 'quay.io/kubevirt';
const images: Readonly<Record<string, string>> = {
  CONTROLLER_IMAGE: 'cdi-controller',
  IMPORTER_IMAGE: 'cdi-importer',
  CLONER_IMAGE: 'cdi-cloner',
  APISERVER_IMAGE: 'cdi-apiserver',
  UPLOAD_SERVER_IMAGE: 'cdi-uploadserver',
  UPLOAD_PROXY_IMAGE: 'cdi-uploadproxy',
};
const env = [
  { name: 'OPERATOR_VERSION', value: 'v1.65.0' },
  ...Object.entries(images).map(([name, image]) => ({ name, value: `${registry}/${image}:v1.65.0` })),
];

/** For tests: a CDI operator of the same kinds as the real manifest, and no more than its double looks at. */
export const cdiOperatorManifest: readonly Json[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cdi' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } },
  platformCrd({
    kind: 'CDI',
    group: 'cdi.kubevirt.io',
    versions: 'v1beta1*',
    shortNames: ['cdi', 'cdis'],
    cluster: true,
  }),
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cdi-operator', namespace: 'cdi' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { name: 'cdi-operator' } },
      template: {
        metadata: { labels: { name: 'cdi-operator' } },
        spec: { containers: [{ name: 'cdi-operator', image: `${registry}/cdi-operator:v1.65.0`, env }] },
      },
    },
  },
];

/** The CDI object, with whatever a test wishes in its spec. */
export function cdiObject(spec: Json = {}): Json {
  return { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'CDI', metadata: { name: 'cdi' }, spec };
}

/** A storage class as Longhorn's chart makes it; a test names other parameters. */
export function storageClass(name: string, change: Json = {}): Json {
  const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations },
    provisioner: 'driver.longhorn.io',
    parameters: { fsType: 'ext4' },
    ...change,
  };
}

/** A DataVolume that asks its size of the default class. */
export function dataVolume(name: string, spec: Json, annotations: Json = {}): Json {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name, namespace: 'default', annotations },
    spec: { storage: { resources: { requests: { storage: '64Mi' } } }, source: { blank: {} }, ...spec },
  };
}
