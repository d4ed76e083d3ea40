import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { fingerprint } from '../event.ts';
import { pathOf } from '../kube-path.ts';
import { isOwnedBy, ownerReference } from '../owned-pods.ts';
import type { Shelf } from '../shelf.ts';
import { writeStatus } from '../status.ts';
import { deploymentStatus } from './deployment-status.ts';

const HASH = 'pod-template-hash';

/** Rolls a Deployment's template out over ReplicaSets, as its strategy says. */
export async function syncDeployment(stage: Stage, sets: Shelf, deployment: KubeObject): Promise<number | undefined> {
  if (deployment.metadata.deletionTimestamp !== undefined) return undefined;
  const own = sets.all().filter((set) => isOwnedBy(set, deployment));
  const hash = fingerprint(JSON.stringify(deployment['spec'].template));
  const current = own.find((set) => set.metadata.labels?.[HASH] === hash) ?? (await create(stage, deployment, hash));
  const old = own.filter((set) => set.metadata.uid !== current.metadata.uid);
  const goal = goals(deployment, current, old);
  for (const [set, replicas] of goal) {
    if (set['spec'].replicas !== replicas) await stage.api.patch(pathOf(set), { spec: { replicas } });
  }
  await prune(stage, old, deployment['spec'].revisionHistoryLimit ?? 10);
  const { status, again } = deploymentStatus(deployment, current, old, stage);
  await writeStatus(stage, deployment, status);
  return again;
}

async function create(stage: Stage, deployment: KubeObject, hash: string): Promise<KubeObject> {
  const { template, selector } = deployment['spec'];
  const labels = { ...template.metadata?.labels, [HASH]: hash };
  return await stage.api.ensure({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels,
      annotations: { 'deployment.kubernetes.io/desired-replicas': String(deployment['spec'].replicas ?? 1) },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: 0,
      minReadySeconds: deployment['spec'].minReadySeconds ?? 0,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  });
}

/** How many replicas each set is to have now. */
function goals(deployment: KubeObject, current: KubeObject, old: readonly KubeObject[]): [KubeObject, number][] {
  const wanted: number = deployment['spec'].replicas ?? 1;
  const strategy = deployment['spec'].strategy ?? {};
  const left = sum(old, (set) => set['status']?.replicas ?? 0);
  const asked = sum(old, (set) => set['spec'].replicas ?? 0);
  if (strategy.type === 'Recreate') {
    return [...old.map((set): [KubeObject, number] => [set, 0]), [current, left > 0 ? 0 : wanted]];
  }
  const surge = portion(strategy.rollingUpdate?.maxSurge ?? '25%', wanted, Math.ceil);
  const missing = portion(strategy.rollingUpdate?.maxUnavailable ?? '25%', wanted, Math.floor);
  const room = Math.max(0, wanted + surge - asked);
  const target = Math.max(Math.min(wanted, room), Math.min(wanted, current['spec'].replicas ?? 0));
  const available = sum([current, ...old], (set) => set['status']?.availableReplicas ?? 0);
  // At least one may go, or a rollout with neither surge nor gap would never move.
  const spare = available - (wanted - Math.max(missing, surge === 0 ? 1 : 0));
  return [[current, target], ...shrink(old, Math.max(0, spare))];
}

/** Replicas that are not available go anyway; available ones as far as they can be spared. */
function shrink(old: readonly KubeObject[], spare: number): [KubeObject, number][] {
  let left = spare;
  return old.map((set) => {
    const available: number = set['status']?.availableReplicas ?? 0;
    const gone = Math.min(available, left);
    left -= gone;
    return [set, Math.min(set['spec'].replicas ?? 0, available - gone)];
  });
}

function portion(value: Json, total: number, round: (share: number) => number): number {
  return typeof value === 'string' && value.endsWith('%')
    ? round((total * Number.parseInt(value, 10)) / 100)
    : Number(value);
}

async function prune(stage: Stage, old: readonly KubeObject[], keep: number): Promise<void> {
  const empty = old.filter((set) => set['spec'].replicas === 0 && (set['status']?.replicas ?? 0) === 0);
  for (const set of empty.slice(0, Math.max(0, empty.length - keep))) await stage.api.remove(pathOf(set));
}

function sum(sets: readonly KubeObject[], count: (set: KubeObject) => number): number {
  return sets.reduce((total, set) => total + count(set), 0);
}
