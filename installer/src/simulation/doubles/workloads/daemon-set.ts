import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { fingerprint } from '../event.ts';
import { misfits } from '../node/fit.ts';
import { isReady, type OwnedPods } from '../owned-pods.ts';
import type { Shelf } from '../shelf.ts';
import { writeStatus } from '../status.ts';

const HASH = 'controller-revision-hash';
/** What every pod of a DaemonSet tolerates without saying so (kubernetes.io, DaemonSet). */
const TOLERATED = [
  ['not-ready', 'NoExecute'],
  ['unreachable', 'NoExecute'],
  ['disk-pressure', 'NoSchedule'],
  ['memory-pressure', 'NoSchedule'],
  ['pid-pressure', 'NoSchedule'],
  ['unschedulable', 'NoSchedule'],
].map(([key, effect]) => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect }));

/** Keeps one pod of a DaemonSet on every node that it fits, renewing them one by one when the template changes. */
export async function syncDaemonSet(stage: Stage, pods: OwnedPods, nodes: Shelf, set: KubeObject): Promise<undefined> {
  if (set.metadata.deletionTimestamp !== undefined) return;
  const hash = fingerprint(JSON.stringify(set['spec'].template));
  const template = templateOf(set);
  const homes = nodes.all().filter((node) => belongs(template, node));
  const there = pods.active(set);
  for (const node of homes) {
    if (!there.some((pod) => homeOf(pod) === node.metadata.name)) await place(pods, set, template, node, hash);
  }
  const strays = there.filter((pod) => !homes.some((node) => node.metadata.name === homeOf(pod)));
  for (const pod of strays) await pods.remove(pod);
  await renew(pods, set, hash);
  await report(stage, pods, set, homes.length, hash);
}

function templateOf(set: KubeObject): Json {
  const { metadata, spec } = set['spec'].template;
  const network =
    spec.hostNetwork === true
      ? [{ key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' }]
      : [];
  return { metadata, spec: { ...spec, tolerations: [...(spec.tolerations ?? []), ...TOLERATED, ...network] } };
}

/** Whether the node's labels and taints let the pods in; a lack of room does not count here. */
function belongs(template: Json, node: KubeObject): boolean {
  const bare = { ...template.spec, containers: [] };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: '' }, spec: bare };
  const found = misfits(pod, node, []).filter((reason) => reason !== 'Too many pods');
  // A node that is only just starting gets its pods already: they wait there.
  const starting = (node['spec']?.taints ?? []).every((one: Json) => one.key === 'node.kubernetes.io/not-ready');
  return found.length === 0 || (starting && found[0] === 'node(s) had untolerated taint(s)');
}

async function place(pods: OwnedPods, set: KubeObject, template: Json, node: KubeObject, hash: string): Promise<void> {
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node.metadata.name] }] };
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
  const affinity = { ...template.spec.affinity, nodeAffinity };
  await pods.make(set, template, { labels: { [HASH]: hash }, spec: { affinity } });
}

/** The node that a pod of a DaemonSet is made for. */
function homeOf(pod: KubeObject): string {
  const terms = pod['spec'].affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms?.[0]?.matchFields?.[0]?.values[0] ?? pod['spec'].nodeName;
}

async function renew(pods: OwnedPods, set: KubeObject, hash: string): Promise<void> {
  if (set['spec'].updateStrategy?.type === 'OnDelete') return;
  const active = pods.active(set);
  const old = active.filter((pod) => pod.metadata.labels?.[HASH] !== hash);
  const broken = old.filter((pod) => !isReady(pod));
  const whole = active.every((pod) => isReady(pod) || broken.includes(pod));
  const next = whole ? old.slice(0, 1) : [];
  for (const pod of new Set([...broken, ...next])) await pods.remove(pod);
}

async function report(stage: Stage, pods: OwnedPods, set: KubeObject, desired: number, hash: string): Promise<void> {
  const active = pods.active(set);
  const ready = active.filter(isReady).length;
  await writeStatus(stage, set, {
    observedGeneration: set.metadata.generation,
    currentNumberScheduled: active.length,
    desiredNumberScheduled: desired,
    numberMisscheduled: 0,
    numberReady: ready,
    numberAvailable: ready || null,
    numberUnavailable: desired - ready || null,
    updatedNumberScheduled: active.filter((pod) => pod.metadata.labels?.[HASH] === hash).length || null,
  });
}
