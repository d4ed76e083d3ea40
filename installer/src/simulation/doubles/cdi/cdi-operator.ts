import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { isAvailable, isRolledOut } from '../readiness.ts';
import { keyOf, type Shelf } from '../shelf.ts';
import { cdiObjects } from './cdi-objects.ts';
import { type CdiRelease, cdiRelease } from './cdi-release.ts';

const FINALIZER = 'operator.cdi.kubevirt.io';
const parts = ['cdi-apiserver', 'cdi-deployment', 'cdi-uploadproxy'];
const core = 'cdi.kubevirt.io/v1beta1';

/** cdi-operator: from the CDI object to apiserver, controller and upload proxy. Delays as recorded of v1.65.0. */
export function cdiOperator(stage: Stage): void {
  const laid = new Set<string>();
  const queue = stage.queue(async (name) => {
    const cdi = await stage.api.get(`${kindPath(core, 'CDI')}/${name}`);
    if (cdi !== undefined) await reconcile(stage, deployments, laid, cdi);
  });
  const cdis = stage.follow({ path: kindPath(core, 'CDI'), on: (change) => queue.add(keyOf(change.object)) });
  const deployments = stage.follow({
    path: kindPath('apps/v1', 'Deployment', 'cdi'),
    on: () => {
      for (const one of cdis.all()) queue.add(keyOf(one));
    },
  });
}

async function reconcile(stage: Stage, deployments: Shelf, laid: Set<string>, cdi: KubeObject): Promise<void> {
  const operator = deployments.get('cdi-operator', 'cdi');
  if (operator === undefined || !isAvailable(operator)) return;
  if (cdi.metadata.deletionTimestamp !== undefined) return uninstall(stage, cdi);
  const release = cdiRelease(operator, cdi);
  const status: Json = cdi.status ?? {};
  const generation = `${release.version} ${JSON.stringify(release.replicas)}`;
  if (isDowngrade(status.observedVersion, release.version)) return refuse(stage, cdi, release);
  if (!laid.has(generation)) {
    await deploy(stage, cdi, release);
    laid.add(generation);
  }
  const ready = parts.every((name) => isRolledOut(deployments.get(name, 'cdi') ?? ({} as KubeObject)));
  if (!ready || (status.phase === 'Deployed' && status.observedVersion === release.version)) return;
  await stage.pause(1);
  await report(stage, cdi, {
    phase: 'Deployed',
    observedVersion: release.version,
    targetVersion: release.version,
    operatorVersion: release.version,
    conditions: deployed(stage.now()),
  });
}

/** "operator downgraded, will not reconcile" is all it says, in its log; the object only tells which operator is there. */
async function refuse(stage: Stage, cdi: KubeObject, { version }: CdiRelease): Promise<void> {
  if ((cdi as Json).status.operatorVersion !== version) await report(stage, cdi, { operatorVersion: version });
}

function isDowngrade(observed: string | undefined, version: string): boolean {
  return observed !== undefined && observed.localeCompare(version, 'en', { numeric: true }) > 0;
}

async function deploy(stage: Stage, cdi: KubeObject, release: CdiRelease): Promise<void> {
  const { version } = release;
  const [first, ...rest] = cdiObjects(release) as [KubeObject, ...KubeObject[]];
  await stage.pause(0.1);
  await stage.api.ensure(first);
  await tellBegun(stage, cdi, version);
  const finalizers = cdi.metadata.finalizers ?? [];
  if (!finalizers.includes(FINALIZER))
    await stage.api.patch(pathOf(cdi), { metadata: { finalizers: [...finalizers, FINALIZER] } });
  for (const object of rest) {
    await stage.pause(0.009);
    const there = await stage.api.ensure(object);
    const old = there.metadata.labels?.['operator.cdi.kubevirt.io/createVersion'] !== version;
    const replicas = (object as Json).spec?.replicas;
    if (object.kind === 'Deployment' && (old || (there as Json).spec.replicas !== replicas))
      await stage.api.patch(pathOf(object), object);
  }
}

/** The first installation is told in other words than a later one; a later one than that there is nothing new. */
async function tellBegun(stage: Stage, cdi: KubeObject, version: string): Promise<void> {
  const { observedVersion } = (cdi as Json).status ?? {};
  if (observedVersion === version) return;
  const now = stage.now();
  const [phase, conditions] =
    observedVersion === undefined ? ['Deploying', started(now)] : ['Upgrading', upgrading(version, now)];
  await report(stage, cdi, { phase, targetVersion: version, operatorVersion: version, conditions });
}

function condition(type: string, status: string, now: string, more: Json = {}): Json {
  return { type, status, lastHeartbeatTime: now, lastTransitionTime: now, ...more };
}

function started(now: string): readonly Json[] {
  const progressing = { reason: 'DeployStarted', message: 'Started Deployment' };
  return [
    condition('Available', 'False', now),
    condition('Progressing', 'True', now, progressing),
    condition('Degraded', 'False', now),
  ];
}

/** Everything answers as before, and nothing is promised (MarkCrUpgradeHealingDegraded). */
function upgrading(version: string, now: string): readonly Json[] {
  const begun = { reason: 'UpgradeStarted', message: `Started upgrade to version ${version}` };
  return [
    condition('Available', 'True', now),
    condition('Progressing', 'True', now),
    condition('Degraded', 'True', now, begun),
  ];
}

function deployed(now: string): readonly Json[] {
  const available = { reason: 'DeployCompleted', message: 'Deployment Completed' };
  return [
    condition('Available', 'True', now, available),
    condition('Progressing', 'False', now),
    condition('Degraded', 'False', now),
  ];
}

/** The operator's own objects do not carry this label, only what it made. */
const owned = { labelSelector: 'operator.cdi.kubevirt.io/createVersion' };
const removed: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
  ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'],
  ['apiregistration.k8s.io/v1', 'APIService'],
  ['apps/v1', 'Deployment'],
  ['v1', 'Service'],
  ['v1', 'Secret'],
  ['v1', 'ConfigMap'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['rbac.authorization.k8s.io/v1', 'Role'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  ['v1', 'ServiceAccount'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
];

async function uninstall(stage: Stage, cdi: KubeObject): Promise<void> {
  await report(stage, cdi, { phase: 'Deleting' });
  for (const [apiVersion, kind] of removed) {
    const { items } = await stage.api.list(kindPath(apiVersion, kind), owned);
    for (const { metadata } of items) await stage.api.remove(pathOf({ apiVersion, kind, metadata }));
  }
  await stage.pause(2);
  await report(stage, cdi, { phase: 'Deleted' });
  await stage.api.patch(pathOf(cdi), {
    metadata: { finalizers: (cdi.metadata.finalizers ?? []).filter((one) => one !== FINALIZER) },
  });
}

/** The kind has no status subresource: its status is a part of it like any other. */
async function report(stage: Stage, cdi: KubeObject, status: Json): Promise<void> {
  await stage.api.patch(pathOf(cdi), { status });
}
