import { createHash } from 'node:crypto';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';

/** What virt-operator learns from its own Deployment and the KubeVirt object about what it is to deploy. */
export interface KubevirtRelease {
  readonly namespace: string;
  readonly registry: string;
  readonly version: string;
  readonly operatorImage: string;
  /** Of the KubeVirt object whose wishes these are. */
  readonly generation: number;
  readonly id: string;
  /** The JSON that the status carries. */
  readonly config: string;
  readonly replicas: number;
  readonly pullPolicy: string;
}

function environment(operator: KubeObject): Readonly<Record<string, string>> {
  const container: Json = (operator as Json).spec.template.spec.containers[0];
  const own: readonly Json[] = container.env ?? [];
  const found = Object.fromEntries(own.filter((one) => one.value !== undefined).map((one) => [one.name, one.value]));
  return { image: container.image, ...found };
}

function shownConfig(release: Json, kubevirt: Json): Json {
  const value = (type: string) => `<${type} Value>`;
  return {
    CertificateRotationStrategy: value('v1.KubeVirtCertificateRotateStrategy'),
    Configuration: value('v1.KubeVirtConfiguration'),
    CustomizeComponents: value('v1.CustomizeComponents'),
    HypervisorName: 'kvm',
    ImagePullPolicy: release.pullPolicy,
    Infra: value('*v1.ComponentConfig'),
    UninstallStrategy: kubevirt.spec?.uninstallStrategy ?? '',
    WorkloadUpdateStrategy: value('v1.KubeVirtWorkloadUpdateStrategy'),
    Workloads: value('*v1.ComponentConfig'),
  };
}

/** Reads the release from the operator's Deployment (image and environment) and the KubeVirt object. */
export function kubevirtRelease(operator: KubeObject, kubevirt: KubeObject): KubevirtRelease {
  const env = environment(operator);
  const image = env.VIRT_OPERATOR_IMAGE ?? env.image ?? '';
  const spec: Json = kubevirt.spec ?? {};
  const version = spec.imageTag ?? env.KUBEVIRT_VERSION ?? image.split(':').at(-1) ?? '';
  const registry = spec.imageRegistry ?? image.slice(0, image.lastIndexOf('/'));
  const wishes = {
    namespace: kubevirt.metadata.namespace ?? 'kubevirt',
    registry,
    version,
    replicas: spec.infra?.replicas ?? 2,
    pullPolicy: spec.imagePullPolicy ?? 'IfNotPresent',
  };
  const id = createHash('sha1').update(JSON.stringify(wishes)).digest('hex');
  const config = JSON.stringify({
    id,
    namespace: wishes.namespace,
    registry,
    kubeVirtVersion: version,
    virtOperatorImage: image,
    additionalProperties: shownConfig(wishes, kubevirt),
  });
  return { ...wishes, operatorImage: image, generation: kubevirt.metadata.generation ?? 1, id, config };
}

/** Annotations and labels by which virt-operator knows its own objects. */
export function operatorMetadata(
  release: KubevirtRelease,
  labels: Readonly<Record<string, string>> = { 'kubevirt.io': '' },
) {
  return {
    annotations: {
      'kubevirt.io/generation': String(release.generation),
      'kubevirt.io/install-strategy-identifier': release.id,
      'kubevirt.io/install-strategy-registry': release.registry,
      'kubevirt.io/install-strategy-version': release.version,
    },
    labels: { 'app.kubernetes.io/component': 'kubevirt', 'app.kubernetes.io/managed-by': 'virt-operator', ...labels },
  };
}
