import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';

/** What cdi-operator learns from its own Deployment and the CDI object about what it is to deploy. */
export interface CdiRelease {
  readonly version: string;
  readonly namespace: string;
  readonly pullPolicy: string;
  readonly images: Readonly<
    Record<'controller' | 'importer' | 'cloner' | 'apiserver' | 'uploadserver' | 'uploadproxy', string>
  >;
  readonly replicas: Readonly<Record<'apiserver' | 'deployment' | 'uploadproxy', number>>;
}

/** Reads the release: versions and images come from the operator's environment, replicas from the CDI object. */
export function cdiRelease(operator: KubeObject, cdi: KubeObject): CdiRelease {
  const container: Json = (operator as Json).spec.template.spec.containers[0];
  const env = Object.fromEntries((container.env ?? []).map((one: Json) => [one.name, one.value]));
  const version = env.OPERATOR_VERSION ?? container.image.split(':').at(-1);
  const registry = container.image.slice(0, container.image.lastIndexOf('/'));
  const image = (variable: string, name: string) => env[variable] ?? `${registry}/cdi-${name}:${version}`;
  const infra: Json = (cdi as Json).spec?.infra ?? {};
  return {
    version,
    namespace: operator.metadata.namespace ?? 'cdi',
    pullPolicy: (cdi as Json).spec?.imagePullPolicy ?? 'IfNotPresent',
    images: {
      controller: image('CONTROLLER_IMAGE', 'controller'),
      importer: image('IMPORTER_IMAGE', 'importer'),
      cloner: image('CLONER_IMAGE', 'cloner'),
      apiserver: image('APISERVER_IMAGE', 'apiserver'),
      uploadserver: image('UPLOAD_SERVER_IMAGE', 'uploadserver'),
      uploadproxy: image('UPLOAD_PROXY_IMAGE', 'uploadproxy'),
    },
    replicas: {
      apiserver: infra.apiServerReplicas ?? 1,
      deployment: infra.deploymentReplicas ?? 1,
      uploadproxy: infra.uploadProxyReplicas ?? 1,
    },
  };
}

/** Labels by which cdi-operator knows its own objects. */
export function cdiLabels(release: CdiRelease, component = ''): Readonly<Record<string, string>> {
  return {
    app: 'containerized-data-importer',
    'app.kubernetes.io/component': 'storage',
    'app.kubernetes.io/managed-by': 'cdi-operator',
    'cdi.kubevirt.io': component,
    'operator.cdi.kubevirt.io/createVersion': release.version,
  };
}
