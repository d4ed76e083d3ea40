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
import { alreadyDeployed, deployed, deploying, deploymentFailed, generations, updating } from './kubevirt-status.ts';
import { uninstallKubevirt } from './kubevirt-uninstall.ts';
import { kubevirtWebhooks } from './kubevirt-webhooks.ts';
import { virtApi, virtControl } from './kubevirt-workloads.ts';
import { lowerGuard, raiseGuard } from './rollout-guard.ts';

const FINALIZER = 'foregroundDeleteKubeVirt';
const ID = 'kubevirt.io/install-strategy-identifier';

interface Operator {
  readonly stage: Stage;
  readonly workloads: { readonly deployments: Shelf; readonly daemonSets: Shelf };
  /** Whether an older KubeVirt object is there: only one is served. */
  isSecond(kubevirt: KubeObject): boolean;
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
  const age = (one: KubeObject) => `${one.metadata.creationTimestamp} ${keyOf(one)}`;
  const isSecond = (one: KubeObject) => kubevirts.all().some((other) => age(other) < age(one));
  const operator: Operator = { stage, workloads, isSecond, laid: new Map() };
  const queue = stage.queue(async (key) => {
    const [namespace, name] = key.split('/') as [string, string];
    const kubevirt = await stage.api.get(`${kindPath('kubevirt.io/v1', 'KubeVirt', namespace)}/${name}`);
    return (kubevirt && (await reconcile(operator, kubevirt))) ?? undefined;
  });
  const kubevirts = stage.follow({
    path: kindPath('kubevirt.io/v1', 'KubeVirt'),
    on: (change) => queue.add(keyOf(change.object)),
  });
}

async function reconcile(operator: Operator, kubevirt: KubeObject, considered = false): Promise<number | void> {
  const { stage, workloads } = operator;
  const own = workloads.deployments.get('virt-operator', 'kubevirt');
  if (own === undefined || !isAvailable(own)) return;
  if (kubevirt.metadata.deletionTimestamp !== undefined) return depart(operator, kubevirt);
  if (operator.isSecond(kubevirt)) {
    await report(stage, kubevirt, alreadyDeployed(kubevirt, stage.now()));
    return 30;
  }
  const release = kubevirtRelease(own, kubevirt);
  const status: Json = kubevirt.status ?? {};
  if (status.phase === undefined && !considered) {
    await stage.pause(9.8);
    // Whoever asked may have thought better of it meanwhile.
    const now = await stage.api.get(pathOf(kubevirt));
    return now && reconcile(operator, now, true);
  }
  if (status.observedDeploymentID === release.id && status.phase === 'Deployed') return seen(stage, kubevirt, release);
  try {
    return await rollOut(operator, kubevirt, release);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await report(stage, kubevirt, deploymentFailed(kubevirt, error.message, stage.now()));
    return 5;
  }
}

/** One that never got as far as the finalizer made nothing, and takes nothing away that another one made. */
async function depart({ stage, laid }: Operator, kubevirt: KubeObject): Promise<void> {
  if (!kubevirt.metadata.finalizers?.includes(FINALIZER)) return;
  await uninstallKubevirt(stage, kubevirt);
  laid.clear();
}

/** A change that asks for nothing new is only taken note of. */
async function seen(stage: Stage, kubevirt: KubeObject, release: KubevirtRelease): Promise<void> {
  if ((kubevirt as Json).status.observedGeneration === release.generation) return;
  await report(stage, kubevirt, { observedGeneration: release.generation });
}

async function rollOut(operator: Operator, kubevirt: KubeObject, release: KubevirtRelease): Promise<void> {
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
  await lowerGuard(stage);
  await lay(stage, release, instanceTypes(release), 0.02);
  await report(stage, current, deployed((await stage.api.get(path)) ?? current, release, stage.now()));
}

/** Everything up to virt-api: the strategy, kinds, rights, services, certificates, webhooks. */
async function foundation(stage: Stage, kubevirt: Json, release: KubevirtRelease): Promise<readonly KubeObject[]> {
  const begin = kubevirt.status?.observedDeploymentID === undefined ? deploying : updating;
  await report(stage, kubevirt, begin(kubevirt, release, stage.now()));
  await installStrategy(stage, release);
  await stage.pause(1.3);
  await raiseGuard(stage, release);
  const kinds = await lay(stage, release, crds(release), 0.085);
  const made = [...kinds, ...(await lay(stage, release, beforeControl(release), 0.009))];
  await report(stage, kubevirt, { generations: generations(made) });
  const finalizers: readonly string[] = kubevirt.metadata.finalizers ?? [];
  if (!finalizers.includes(FINALIZER)) {
    await stage.api.patch(pathOf(kubevirt), { metadata: { finalizers: [...finalizers, FINALIZER] } });
  }
  return made;
}

function crds(release: KubevirtRelease): readonly KubeObject[] {
  const metadata = operatorMetadata(release);
  return kubevirtKinds.map((kind) => platformCrd(kind, metadata));
}

function beforeControl(release: KubevirtRelease): readonly KubeObject[] {
  const parts = [kubevirtRbac, kubevirtServices, kubevirtWebhooks, kubevirtCertificates, virtApi];
  return parts.flatMap((part) => part(release));
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

function isReady({ workloads }: Operator, name: string): boolean {
  const found = workloads.deployments.get(name, 'kubevirt') ?? workloads.daemonSets.get(name, 'kubevirt');
  return found !== undefined && isRolledOut(found);
}

async function report(stage: Stage, kubevirt: KubeObject, status: Json): Promise<void> {
  await stage.api.patchStatus(pathOf(kubevirt), status);
}
