import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { recordEvent } from '../event.ts';
import { pathOf } from '../kube-path.ts';
import { keyOf, type Shelf } from '../shelf.ts';
import { claimProblem, claimsOf, waitsForConsumer } from './claim.ts';
import { misfits, unschedulableMessage } from './fit.ts';

/** What the scheduler looks at. */
export interface Seen {
  readonly pods: Shelf;
  readonly nodes: Shelf;
  readonly claims: Shelf;
  readonly classes: Shelf;
}

/** Whether a pod still takes room on its node. */
export const takesRoom = (pod: KubeObject): boolean => !['Succeeded', 'Failed'].includes(pod['status']?.phase);

/** Gives pods without a node one that they fit; tells why not, and looks again whenever something changed that could help. */
export function scheduler(stage: Stage, seen: () => Seen): { look(pod: KubeObject): void; lookAgain(): void } {
  const waiting = new Set<string>();
  const queue = stage.queue(async (key) => {
    const [namespace = '', name = ''] = key.split('/');
    const pod = seen().pods.get(name, namespace);
    if (pod === undefined || !isUnscheduled(pod)) return void waiting.delete(key);
    // It waits until it is bound, also while this is under way: what changes meanwhile is looked at again.
    waiting.add(key);
    const verdict = place(pod, seen());
    if ('problem' in verdict) return await tellWhyNot(stage, pod, verdict.problem);
    if (!(await volumesFollow(stage, pod, verdict.node, seen()))) return;
    await bind(stage, pod, verdict.node);
    waiting.delete(key);
  });
  return {
    look(pod) {
      if (isUnscheduled(pod) && !waiting.has(keyOf(pod))) queue.add(keyOf(pod));
    },
    lookAgain() {
      for (const key of waiting) queue.add(key);
    },
  };
}

function isUnscheduled(pod: KubeObject): boolean {
  const gated = (pod['spec'].schedulingGates ?? []).length > 0;
  return !pod['spec'].nodeName && !gated && pod.metadata.deletionTimestamp === undefined && takesRoom(pod);
}

function place(pod: KubeObject, { pods, nodes, claims, classes }: Seen): { node: string } | { problem: string } {
  const problem = claimProblem(pod, claims, classes);
  if (problem !== undefined) return { problem: `0/${nodes.all().length} nodes are available: ${problem}` };
  const reasons: string[][] = [];
  const fitting: { node: string; load: number }[] = [];
  for (const node of nodes.all()) {
    const there = pods.all().filter((one) => one['spec'].nodeName === node.metadata.name && takesRoom(one));
    const found = misfits(pod, node, there);
    if (found.length === 0) fitting.push({ node: node.metadata.name, load: there.length });
    else reasons.push(found);
  }
  const best = fitting.toSorted((a, b) => a.load - b.load || a.node.localeCompare(b.node))[0];
  return best === undefined ? { problem: unschedulableMessage(reasons) } : { node: best.node };
}

/** Asks for the volumes that wait for a consumer; true when all are there. */
async function volumesFollow(stage: Stage, pod: KubeObject, node: string, { claims, classes }: Seen): Promise<boolean> {
  const open = claimsOf(pod)
    .map((name) => claims.get(name, pod.metadata.namespace))
    .filter((claim) => claim !== undefined && claim['status']?.phase !== 'Bound' && waitsForConsumer(claim, classes));
  const chosen = { 'volume.kubernetes.io/selected-node': node };
  for (const claim of open)
    if (claim !== undefined) await stage.api.patch(pathOf(claim), { metadata: { annotations: chosen } });
  return open.length === 0;
}

async function bind(stage: Stage, pod: KubeObject, node: string): Promise<void> {
  const target = { apiVersion: 'v1', kind: 'Node', name: node };
  const { name, namespace } = pod.metadata;
  const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace }, target };
  await stage.bench.transport.request({ method: 'POST', path: `${pathOf(pod)}/binding`, body: binding });
}

async function tellWhyNot(stage: Stage, pod: KubeObject, message: string): Promise<void> {
  const others = (pod['status']?.conditions ?? []).filter((one: { type: string }) => one.type !== 'PodScheduled');
  const told = (pod['status']?.conditions ?? []).find((one: { type: string }) => one.type === 'PodScheduled');
  if (told?.message === message) return;
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message,
    lastTransitionTime: told?.lastTransitionTime ?? stage.now(),
  };
  await stage.api.patchStatus(pathOf(pod), { phase: 'Pending', conditions: [...others, condition] });
  await recordEvent(stage, { about: pod, reason: 'FailedScheduling', message, by: 'default-scheduler' });
}
