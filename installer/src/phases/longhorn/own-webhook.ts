import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { Sight } from '#ports/world';
import { type Condition, met, unmet } from '../verbs/condition.ts';
import { nameOf } from '../verbs/object-name.ts';
import { readProof } from '../verbs/proof-record.ts';

const namespace = 'longhorn-system';
const complaint = /admission webhook service is not accessible on cluster/;
/** At every start the manager gives its webhook two minutes; what fails twice is no slow start. */
const enough = 2;

/**
 * longhorn-manager reaches its own webhook through the cluster's network, or it ends and starts again for ever. That is
 * never Longhorn's mistake: it is DNS, hairpin traffic, or a NetworkPolicy (longhorn.io, kb/troubleshooting-inaccessible-webhook).
 */
export function ownWebhookReached(): Condition {
  // What was wrong in an earlier run may have been mended since: only what happens during this wait counts.
  const atFirst = new Map<string, number>();
  return async (sight) => {
    const query = { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: 'app=longhorn-manager' };
    const pods: readonly Json[] = await sight.cluster.list(query);
    for (const pod of pods) {
      const { restartCount = 0 } = pod.status?.containerStatuses?.[0] ?? {};
      const before = atFirst.get(pod.metadata.uid) ?? restartCount;
      atFirst.set(pod.metadata.uid, before);
      const line = restartCount - before < enough ? undefined : await lastComplaint(pod, sight);
      if (line === undefined) continue;
      const fault = await unreachable(pod, restartCount, line, sight);
      atFirst.clear();
      return unmet(fault.message, { hopeless: fault });
    }
    return met();
  };
}

async function lastComplaint({ metadata, spec }: Json, { cluster }: Sight): Promise<string | undefined> {
  const container = spec.containers[0]?.name;
  const log = await cluster.logs({ namespace, name: metadata.name, container, tailLines: 20 });
  return (log ?? '').split('\n').findLast((line) => complaint.test(line));
}

async function unreachable(pod: Json, restarts: number, line: string, sight: Sight): Promise<Fault> {
  return new Fault({
    code: 'CLUSTER-WEBHOOK',
    message: `longhorn-manager on ${pod.spec.nodeName} does not reach its own webhook, and was started ${restarts + 1} times because of that`,
    cause: messageIn(line),
    where: [`object ${nameOf(pod)}`],
    evidence: await usualCauses(sight),
    remedy: [
      'kubectl -n longhorn-system get networkpolicies,endpointslices          who may reach port 9502, and where it is',
      'kubectl -n kube-system logs deployment/coredns --tail 20          whether names resolve',
      'sysctl net.bridge.bridge-nf-call-iptables          must be 1, or a pod does not reach itself through its Service',
    ],
  });
}

/** What usually is to blame, and what this very installation has proven to be well before. */
async function usualCauses({ cluster }: Sight): Promise<readonly string[]> {
  const [dns, hairpin] = [await readProof(cluster, 'k3s/dns'), await readProof(cluster, 'k3s/hairpin')];
  const policies = await cluster.list({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace });
  const names = policies.map(({ metadata }) => metadata.name).join(', ');
  return [
    `cluster DNS: ${dns === undefined ? 'not proven' : `was well at ${time(dns.at)}`}`,
    `a pod reaching itself through its Service (hairpin): ${hairpin === undefined ? 'not proven' : `was well at ${time(hairpin.at)}`}`,
    `NetworkPolicies in ${namespace}: ${names === '' ? 'none' : names}`,
    'a firewall between the node and its pods: not looked at',
  ];
}

function time(iso: string): string {
  return `${iso.slice(11, 16)} UTC`;
}

/** The sentence in a line of logrus. */
function messageIn(line: string): string {
  const [, text] = /msg=("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
  return text === undefined ? line : String(JSON.parse(text));
}
