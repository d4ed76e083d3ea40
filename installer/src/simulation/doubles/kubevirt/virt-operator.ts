import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { Refusal } from '../kube-api.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { platformCrd } from '../platform-crd.ts';
import { isAvailable, isRolledOut } from '../readiness.ts';
import { keyOf, type Shelf } from '../shelf.ts';
import { installStrategy } from './install-strategy.ts';
import { instanceTypes } from './instance-types.ts';
import { kubevirtKinds } from './kubevirt-kinds.ts';
import { kubevirtRbac } from './kubevirt-rbac.ts';
import { type KubevirtRelease, kubevirtRelease, operatorMetadata } from './kubevirt-release.ts';
import { kubevirtCertificates, kubevirtServices } from './kubevirt-services.ts';
import { deployed, deploying, deploymentFailed, generations, updating } from './kubevirt-status.ts';
import { uninstallKubevirt } from './kubevirt-uninstall.ts';
import { kubevirtWebhooks, rolloutGuard } from './kubevirt-webhooks.ts';
import { virtApi, virtControl } from './kubevirt-workloads.ts';

const FINALIZER = 'foregroundDeleteKubeVirt';
const ID = 'kubevirt.io/install-strategy-identifier';
const guards = kindPath('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration');

interface Operator {
  readonly stage: Stage;
  readonly workloads: { readonly deployments: Shelf; readonly daemonSets: Shelf };
  /** Deployments (by id) whose first half this process has made, and what came of it. */
  readonly laid: Map<string, readonly KubeObject[]>;
}

/** virt-operator: from the KubeVirt object to virt-api, virt-controller and virt-handler. Delays as recorded of v1.8.4. */
export function virtOperator(stage: Stage): void {
  const again = () => {
    for (const one of kubevirts.all()) queue.add(keyOf(one));
  };
  const follow = (kind: string) => stage.follow({ path: kindPath('apps/v1', kind, 'kubevirt'), on: again });
  const workloads = { deployments: follow('Deployment'), daemonSets: follow('DaemonSet') };
  const operator: Operator = { stage, workloads, laid: new Map() };
  const queue = stage.queue(async (key) => {
    const [namespace, name] = key.split('/') as [string, string];
    const kubevirt = await stage.api.get(`${kindPath('kubevirt.io/v1', 'KubeVirt', namespace)}/${name}`);
    return kubevirt === undefined ? undefined : reconcile(operator, kubevirt);
  });
  const kubevirts = stage.follow({
    path: kindPath('kubevirt.io/v1', 'KubeVirt'),
    on: (change) => queue.add(keyOf(change.object)),
  });
}

async function reconcile(operator: Operator, kubevirt: KubeObject): Promise<number | undefined> {
  const { stage, workloads } = operator;
  const own = workloads.deployments.get('virt-operator', 'kubevirt');
  if (own === undefined || !isAvailable(own)) return undefined;
  if (kubevirt.metadata.deletionTimestamp !== undefined) return uninstallKubevirt(stage, kubevirt);
  const release = kubevirtRelease(own, kubevirt);
  const status: Json = kubevirt.status ?? {};
  if (status.observedDeploymentID === release.id && status.phase === 'Deployed') return seen(stage, kubevirt, release);
  try {
    return await rollOut(operator, kubevirt, release);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await report(stage, kubevirt, deploymentFailed(kubevirt, error.message, stage.now()));
    return 5;
  }
}

/** A change that asks for nothing new is only taken note of. */
async function seen(stage: Stage, kubevirt: KubeObject, release: KubevirtRelease): Promise<undefined> {
  if ((kubevirt as Json).status.observedGeneration === release.generation) return;
  await report(stage, kubevirt, { observedGeneration: release.generation });
}

async function rollOut(operator: Operator, kubevirt: KubeObject, release: KubevirtRelease): Promise<undefined> {
  const { stage, laid } = operator;
  if (!laid.has(release.id)) laid.set(release.id, await foundation(stage, kubevirt, release));
  const base = laid.get(release.id) ?? [];
  if (!isReady(operator, 'virt-api')) return;
  const path = pathOf(kubevirt);
  const current = (await stage.api.get(path)) ?? kubevirt;
  if (!laid.has(`${release.id}/control`)) {
    await stage.pause(2);
    const control = await lay(stage, release, virtControl(release), 0.03);
    laid.set(`${release.id}/control`, control);
    await report(stage, current, { generations: generations([...base, ...control]) });
  }
  if (!isReady(operator, 'virt-controller') || !isReady(operator, 'virt-handler')) return;
  await stage.pause(4.8);
  await removeGuards(stage);
  await lay(stage, release, instanceTypes(release), 0.02);
  await report(stage, current, deployed((await stage.api.get(path)) ?? current, release, stage.now()));
}

/** Everything up to virt-api: the strategy, kinds, rights, services, certificates, webhooks. */
async function foundation(
  stage: Stage,
  kubevirt: KubeObject,
  release: KubevirtRelease,
): Promise<readonly KubeObject[]> {
  const fresh = (kubevirt as Json).status?.observedDeploymentID === undefined;
  if ((kubevirt as Json).status?.phase === undefined) await stage.pause(9.8);
  await report(
    stage,
    kubevirt,
    fresh ? deploying(kubevirt, release, stage.now()) : updating(kubevirt, release, stage.now()),
  );
  await installStrategy(stage, release);
  await guard(stage, release);
  const metadata = operatorMetadata(release);
  const kinds = await lay(
    stage,
    release,
    kubevirtKinds.map((kind) => platformCrd(kind, metadata)),
    0.085,
  );
  const rest = [
    ...kubevirtRbac(release),
    ...kubevirtServices(release),
    ...kubevirtWebhooks(release),
    ...kubevirtCertificates(release),
    ...virtApi(release),
  ];
  const made = [...kinds, ...(await lay(stage, release, rest, 0.009))];
  await report(stage, kubevirt, { generations: generations(made) });
  const finalizers = kubevirt.metadata.finalizers ?? [];
  if (!finalizers.includes(FINALIZER)) {
    await stage.api.patch(pathOf(kubevirt), { metadata: { finalizers: [...finalizers, FINALIZER] } });
  }
  return made;
}

/** Makes what is missing, and renews what an earlier release or other wishes left. */
async function lay(
  stage: Stage,
  release: KubevirtRelease,
  objects: readonly KubeObject[],
  gap: number,
): Promise<readonly KubeObject[]> {
  const made: KubeObject[] = [];
  for (const object of objects) {
    await stage.pause(gap);
    const there = await stage.api.ensure(object);
    const current = there.metadata.annotations?.[ID] === release.id;
    const { apiVersion, kind, ...change } = object;
    made.push({
      ...((current ? undefined : await stage.api.patch(pathOf(object), change)) ?? there),
      apiVersion,
      kind,
    });
  }
  return made;
}

/** Only where kinds are still missing: what is served already has its webhook. */
async function guard(stage: Stage, release: KubevirtRelease): Promise<void> {
  await stage.pause(1.3);
  const crds = await stage.api.list(kindPath('apiextensions.k8s.io/v1', 'CustomResourceDefinition'));
  const known = new Set(crds.items.map((one: KubeObject) => one.metadata.name));
  const all = kubevirtKinds.every((kind) => known.has(platformCrd(kind).metadata.name));
  if (all || (await guardsThere(stage)).length > 0) return;
  await stage.api.create(rolloutGuard(release));
}

async function guardsThere(stage: Stage): Promise<readonly KubeObject[]> {
  return (await stage.api.list(guards, { labelSelector: 'app=virt-operator-tmp-webhook' })).items;
}

async function removeGuards(stage: Stage): Promise<void> {
  for (const one of await guardsThere(stage)) await stage.api.remove(`${guards}/${one.metadata.name}`);
}

function isReady({ workloads }: Operator, name: string): boolean {
  const found = workloads.deployments.get(name, 'kubevirt') ?? workloads.daemonSets.get(name, 'kubevirt');
  return found !== undefined && isRolledOut(found);
}

async function report(stage: Stage, kubevirt: KubeObject, status: Json): Promise<void> {
  await stage.api.patchStatus(pathOf(kubevirt), status);
}
