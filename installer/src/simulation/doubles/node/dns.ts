import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';

/** The cluster's DNS address while it answers: CoreDNS has a replica that is available and nothing breaks it. */
export async function clusterDns(stage: Stage): Promise<string | undefined> {
  if (stage.bench.troubles.has('dns-dead')) return undefined;
  const coredns = await stage.api.get(`${kindPath('apps/v1', 'Deployment', 'kube-system')}/coredns`);
  if ((coredns?.['status']?.availableReplicas ?? 0) === 0) return undefined;
  const service = await stage.api.get(`${kindPath('v1', 'Service', 'kube-system')}/kube-dns`);
  return service?.['spec'].clusterIP;
}
