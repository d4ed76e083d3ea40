import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { quantity } from '../quantity.ts';
import { matchesExpression, matchesLabels, matchesSelector } from '../selector.ts';

/** Why a pod cannot run on a node, in the scheduler's words; empty when it can. */
export function misfits(pod: KubeObject, node: KubeObject, others: readonly KubeObject[]): string[] {
  const spec = pod['spec'];
  if (node['spec']?.unschedulable && !tolerates(spec, UNSCHEDULABLE)) return ['node(s) were unschedulable'];
  const taint = (node['spec']?.taints ?? []).find((one: Json) => keepsOut(one) && !tolerates(spec, one));
  if (taint !== undefined) return ['node(s) had untolerated taint(s)'];
  if (!selects(spec, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  if (repelled(pod, others)) return ["node(s) didn't match pod anti-affinity rules"];
  return insufficient(pod, node, others);
}

/** The scheduler's summary over all nodes, as it stands in PodScheduled and in the event. */
export function unschedulableMessage(reasons: readonly (readonly string[])[]): string {
  const counts = new Map<string, number>();
  for (const one of reasons.flat()) counts.set(one, (counts.get(one) ?? 0) + 1);
  const total = reasons.length;
  if (total === 0) return 'no nodes available to schedule pods';
  const told = [...counts].map(([reason, count]) => `${count} ${reason}`).toSorted();
  const lacking = reasons.filter((one) => one.some((reason) => /^(Insufficient|Too many)/.test(reason))).length;
  const hopeless = total - lacking;
  const preemption = [
    ...(lacking > 0 ? [`${lacking} No preemption victims found for incoming pod`] : []),
    ...(hopeless > 0 ? [`${hopeless} Preemption is not helpful for scheduling`] : []),
  ].join(', ');
  return `0/${total} nodes are available: ${told.join(', ')}. preemption: 0/${total} nodes are available: ${preemption}.`;
}

const UNSCHEDULABLE = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

const keepsOut = (taint: Json): boolean => taint.effect === 'NoSchedule' || taint.effect === 'NoExecute';

function tolerates(spec: Json, taint: Json): boolean {
  return (spec.tolerations ?? []).some(
    (one: Json) =>
      (one.effect === undefined || one.effect === taint.effect) &&
      (one.key === undefined || one.key === taint.key) &&
      (one.operator === 'Exists' || (one.value ?? '') === (taint.value ?? '')),
  );
}

function selects(spec: Json, node: KubeObject): boolean {
  const labels = node.metadata.labels ?? {};
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (
    matchesLabels(spec.nodeSelector ?? {}, labels) &&
    (terms === undefined || terms.some((term: Json) => matchesTerm(term, labels, node.metadata.name)))
  );
}

function matchesTerm(term: Json, labels: Readonly<Record<string, string>>, name: string): boolean {
  return (
    (term.matchExpressions ?? []).every((one: Json) => matchesExpression(one, labels)) &&
    (term.matchFields ?? []).every((one: Json) => matchesExpression(one, { 'metadata.name': name }))
  );
}

/** Required anti-affinity, with the node as the only topology that doubles know. */
function repelled(pod: KubeObject, others: readonly KubeObject[]): boolean {
  const terms = pod['spec'].affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.some((term: Json) =>
    others.some(
      (other) =>
        (term.namespaces ?? [pod.metadata.namespace]).includes(other.metadata.namespace) &&
        matchesSelector(term.labelSelector, other.metadata.labels),
    ),
  );
}

function insufficient(pod: KubeObject, node: KubeObject, others: readonly KubeObject[]): string[] {
  const allocatable = node['status']?.allocatable ?? {};
  if (others.length >= quantity(allocatable.pods)) return ['Too many pods'];
  const wanted = requests(pod);
  const used = others.map(requests);
  return [...wanted]
    .filter(([name, amount]) => {
      const taken = used.reduce((sum, one) => sum + (one.get(name) ?? 0), 0);
      return amount > 0 && taken + amount > quantity(allocatable[name]);
    })
    .map(([name]) => `Insufficient ${name}`);
}

/** What a pod asks for: the sum of its containers, or its largest init container. */
function requests(pod: KubeObject): Map<string, number> {
  const total = new Map<string, number>();
  for (const container of pod['spec'].containers) {
    for (const [name, amount] of asked(container)) total.set(name, (total.get(name) ?? 0) + amount);
  }
  for (const container of pod['spec'].initContainers ?? []) {
    for (const [name, amount] of asked(container)) total.set(name, Math.max(total.get(name) ?? 0, amount));
  }
  return total;
}

function asked(container: Json): [string, number][] {
  const { limits, requests } = container.resources ?? {};
  return Object.entries<string | number>({ ...limits, ...requests }).map(([name, amount]) => [name, quantity(amount)]);
}
