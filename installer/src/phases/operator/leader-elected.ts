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
    if (!holder) return unmet(`${title} has no holder yet`);
    const age = sight.now() - Date.parse(renewTime ?? '');
    // Twice, because a renewal under way must not count as none.
    if (Number.isFinite(age) && age > 2 * leaseDurationSeconds * 1000)
      return unmet(`${title} was last renewed ${Math.round(age / 1000)} s ago, by ${holder}`);
    return met(`${holder} leads`);
  };
}
