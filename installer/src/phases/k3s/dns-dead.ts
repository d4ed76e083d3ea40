import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { nameOf } from '../verbs/object-name.ts';

const namespace = 'kube-system';

/** No pod resolves names: is it CoreDNS that is not well, or the way to it? */
export function dnsDead(name: string): (log: readonly string[], sight: Sight) => Promise<Fault> {
  return async (log, { cluster }) => {
    const query = { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: 'k8s-app=kube-dns' };
    const pods = await cluster.list(query);
    const service: Json = await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name: 'kube-dns' });
    const ready = pods.filter(isReady);
    const cause =
      ready.length === 0
        ? 'CoreDNS is not ready'
        : `CoreDNS is ready, but does not answer behind its Service at ${service?.spec.clusterIP ?? 'an unknown address'}`;
    return new Fault({
      code: 'DNS-DEAD',
      message: `no pod can resolve ${name}`,
      cause,
      where: [`object Deployment ${namespace}/coredns`],
      evidence: [...log.slice(-5), ...pods.map(stateOf), ...(await lastWords(pods[0], cluster))],
      remedy: [
        'kubectl -n kube-system logs deployment/coredns --tail 20          what CoreDNS itself complains of',
        'kubectl -n kube-system get endpointslices -l kubernetes.io/service-name=kube-dns          whether it is known',
        'iptables-save | grep -c KUBE          0: the rules of k3s are gone, and  systemctl restart k3s  brings them back',
      ],
    });
  };
}

function isReady(pod: KubeObject): boolean {
  const conditions: readonly Json[] = pod['status']?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

function stateOf(pod: KubeObject): string {
  const { phase = 'unknown', containerStatuses = [] } = pod['status'] ?? {};
  const restarts: number = containerStatuses[0]?.restartCount ?? 0;
  return `${nameOf(pod)} is ${phase}${isReady(pod) ? ' and Ready' : ', not Ready'}, restarted ${restarts} times`;
}

async function lastWords(pod: KubeObject | undefined, cluster: Sight['cluster']): Promise<readonly string[]> {
  if (pod === undefined) return [];
  const log = await cluster.logs({ namespace, name: pod.metadata.name, tailLines: 5 });
  const lines = (log ?? '').split('\n').filter((line) => /\[(ERROR|WARNING|FATAL)\]|plugin\/errors/.test(line));
  return lines.slice(-3).map((line) => `CoreDNS says: ${line}`);
}
