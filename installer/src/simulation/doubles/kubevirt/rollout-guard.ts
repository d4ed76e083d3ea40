import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { certificate } from '../pem.ts';
import { type PlatformKind, platformCrd } from '../platform-crd.ts';
import { kubevirtKinds } from './kubevirt-kinds.ts';
import { type KubevirtRelease, operatorMetadata } from './kubevirt-release.ts';

const NAME = 'virt-operator-tmp-webhook';
const group = 'admissionregistration.k8s.io/v1';
const path = kindPath(group, 'ValidatingWebhookConfiguration');

function blocked(kind: PlatformKind, namespace: string): Json {
  const { name } = platformCrd(kind).metadata;
  const apiVersions = kind.versions.replaceAll('*', '').split(' ');
  const resources = [name.slice(0, name.indexOf('.'))];
  return {
    name: `${name}-tmp-validator`,
    clientConfig: {
      caBundle: btoa(certificate('kubevirt-ca')),
      service: { name: 'fake-validation-service', namespace, path: `/fake-path/${name}` },
    },
    rules: [{ apiGroups: [kind.group], apiVersions, operations: ['CREATE'], resources }],
    admissionReviewVersions: ['v1'],
    failurePolicy: 'Fail',
    sideEffects: 'None',
  };
}

async function guardsThere(stage: Stage): Promise<readonly KubeObject[]> {
  return (await stage.api.list(path, { labelSelector: `app=${NAME}` })).items;
}

/** Keeps everybody from creating objects of kinds that nothing validates yet: the service that it names does not exist. */
export async function raiseGuard(stage: Stage, release: KubevirtRelease): Promise<void> {
  const crds = await stage.api.list(kindPath('apiextensions.k8s.io/v1', 'CustomResourceDefinition'));
  const known = new Set(crds.items.map((one: KubeObject) => one.metadata.name));
  const fresh = kubevirtKinds.filter((kind) => !known.has(platformCrd(kind).metadata.name));
  if (fresh.length === 0 || (await guardsThere(stage)).length > 0) return;
  await stage.api.create({
    apiVersion: group,
    kind: 'ValidatingWebhookConfiguration',
    metadata: { ...operatorMetadata(release, { app: NAME }), generateName: NAME },
    webhooks: fresh.map((kind) => blocked(kind, release.namespace)),
  });
}

export async function lowerGuard(stage: Stage): Promise<void> {
  for (const one of await guardsThere(stage)) await stage.api.remove(`${path}/${one.metadata.name}`);
}
