import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import { type Condition, met, unmet } from '../verbs/condition.ts';

/** One copy of a controller holds its lease, and has renewed it within the time that the lease gives. */
export function leaderElected(namespace: string, name: string): Condition {
  const title = `Lease ${namespace}/${name}`;
  return async (sight) => {
    const lease: Json = await sight.cluster.get({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      namespace,
      name,
    });
    const { holderIdentity: holder, renewTime, leaseDurationSeconds = 15 } = lease?.spec ?? {};
    if (!holder) return unmet(`${title} has no holder yet`, { blame: leaderless(namespace, name) });
    const age = sight.now() - Date.parse(renewTime ?? '');
    // Twice, because a renewal under way must not count as none.
    if (Number.isFinite(age) && age > 2 * leaseDurationSeconds * 1000)
      return unmet(`${title} was last renewed ${Math.round(age / 1000)} s ago, by ${holder}`, {
        blame: leaderless(namespace, name),
      });
    return met(`${holder} leads`);
  };
}

/** Its pods are ready by now, for the gate looks at those first. */
function leaderless(namespace: string, name: string): Fault {
  return new Fault({
    code: 'COMPONENT-FAILED',
    message: `${name} runs, but no copy of it leads, so nothing of it is at work`,
    cause: `nobody holds Lease ${namespace}/${name}, or whoever does has stopped renewing it`,
    where: [`object Lease ${namespace}/${name}`],
    remedy: [
      `kubectl -n ${namespace} logs deployment/${name} --tail 30          what keeps it from leading`,
      `kubectl auth can-i update leases -n ${namespace} --as system:serviceaccount:${namespace}:${name}`,
      `kubectl -n ${namespace} rollout restart deployment ${name}          starts it anew`,
    ],
  });
}
