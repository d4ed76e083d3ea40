import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { KubevirtRelease } from './kubevirt-release.ts';

type Told = readonly [type: string, status: 'True' | 'False'];

/** Conditions as virt-operator keeps them: a new one gets no transition time, a changed one does. */
function told(
  before: readonly Json[],
  now: string,
  reason: string,
  message: string,
  claims: readonly Told[],
): readonly Json[] {
  return claims.map(([type, status]) => {
    const old = before.find((one) => one.type === type);
    const same = old !== undefined && old.status === status && old.reason === reason && old.message === message;
    return same
      ? old
      : { type, status, reason, message, lastProbeTime: now, lastTransitionTime: old === undefined ? null : now };
  });
}

function merged(before: readonly Json[], fresh: readonly Json[], dropped: readonly string[] = []): readonly Json[] {
  const kept = before.filter((one) => !dropped.includes(one.type));
  const known = kept.map((one) => fresh.find((other) => other.type === one.type) ?? one);
  return [...known, ...fresh.filter((one) => !kept.some((other) => other.type === one.type))];
}

function conditionsOf(kubevirt: KubeObject): readonly Json[] {
  return (kubevirt as Json).status?.conditions ?? [];
}

function target(release: KubevirtRelease): Json {
  return {
    defaultArchitecture: 'amd64',
    operatorVersion: release.version,
    targetDeploymentConfig: release.config,
    targetDeploymentID: release.id,
    targetKubeVirtRegistry: release.registry,
    targetKubeVirtVersion: release.version,
  };
}

const underWay: readonly Told[] = [
  ['Available', 'False'],
  ['Progressing', 'True'],
  ['Degraded', 'False'],
];
const done: readonly Told[] = [
  ['Available', 'True'],
  ['Progressing', 'False'],
  ['Degraded', 'False'],
];
const moving: readonly Told[] = [
  ['Available', 'True'],
  ['Progressing', 'True'],
  ['Degraded', 'True'],
];
const failed: readonly Told[] = [
  ['Synchronized', 'False'],
  ['Available', 'False'],
  ['Progressing', 'False'],
  ['Degraded', 'True'],
];
const leaving: readonly Told[] = [
  ['Available', 'False'],
  ['Progressing', 'False'],
  ['Degraded', 'True'],
];

export function deploying(kubevirt: KubeObject, release: KubevirtRelease, now: string): Json {
  const before = conditionsOf(kubevirt);
  const message = `Deploying version ${release.version} with registry ${release.registry}`;
  const fresh = told(before, now, 'DeploymentInProgress', message, underWay);
  return { phase: 'Deploying', conditions: merged(before, fresh, ['Synchronized']), ...target(release) };
}

export function updating(kubevirt: KubeObject, release: KubevirtRelease, now: string): Json {
  const before = conditionsOf(kubevirt);
  const { observedKubeVirtVersion, observedKubeVirtRegistry } = (kubevirt as Json).status;
  const from = `Transitioning from previous version ${observedKubeVirtVersion} with registry ${observedKubeVirtRegistry}`;
  const message = `${from} to target version ${release.version} using registry ${release.registry}`;
  const fresh = told(before, now, 'UpdateInProgress', message, moving);
  return { phase: 'Deployed', conditions: merged(before, fresh, ['Created', 'Synchronized']), ...target(release) };
}

export function deploymentFailed(kubevirt: KubeObject, error: string, now: string): Json {
  const before = conditionsOf(kubevirt);
  const fresh = told(before, now, 'DeploymentFailed', `An error occurred during deployment: ${error}`, failed);
  return { conditions: merged(before, fresh) };
}

/** A second KubeVirt object is told so and left alone. */
export function alreadyDeployed(kubevirt: KubeObject, now: string): Json {
  const before = conditionsOf(kubevirt);
  const message = 'There is an active KubeVirt deployment';
  return { conditions: merged(before, told(before, now, 'ExistingDeployment', message, [['Synchronized', 'False']])) };
}

export function deployed(kubevirt: KubeObject, release: KubevirtRelease, now: string): Json {
  const before = conditionsOf(kubevirt);
  const fresh = [
    ...told(before, now, 'AllComponentsReady', 'All components are ready.', done),
    ...told(before, now, 'AllResourcesCreated', 'All resources were created.', [['Created', 'True']]),
  ];
  return {
    phase: 'Deployed',
    conditions: merged(before, fresh, ['Synchronized']),
    ...target(release),
    observedDeploymentConfig: release.config,
    observedDeploymentID: release.id,
    observedGeneration: release.generation,
    observedKubeVirtRegistry: release.registry,
    observedKubeVirtVersion: release.version,
  };
}

export function deleting(kubevirt: KubeObject, now: string): Json {
  const before = conditionsOf(kubevirt);
  const fresh = told(before, now, 'DeletionInProgress', 'Deletion was triggered', leaving);
  return { phase: 'Deleting', conditions: merged(before, fresh, ['Created', 'Synchronized']) };
}

const followed: Readonly<Record<string, string>> = {
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  ValidatingWebhookConfiguration: 'admissionregistration.k8s.io',
  MutatingWebhookConfiguration: 'admissionregistration.k8s.io',
  Deployment: 'apps',
  PodDisruptionBudget: 'apps',
  DaemonSet: 'apps',
};

/** The generations that virt-operator remembers of what it made. */
export function generations(objects: readonly KubeObject[]): readonly Json[] {
  return objects.flatMap(({ kind, metadata }) => {
    const group = followed[kind];
    if (group === undefined || metadata.name === undefined) return [];
    const inside = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
    return [
      {
        group,
        lastGeneration: metadata.generation ?? 1,
        name: metadata.name,
        ...inside,
        resource: `${kind.toLowerCase()}s`,
      },
    ];
  });
}
