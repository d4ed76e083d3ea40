import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { covers } from '../covers.ts';
import type { WantedBridge } from './bridge-users.ts';
import { policyName } from './policy.ts';
import type { NetworkTrouble } from './seen.ts';

/** Why a bridge is not on the nodes yet, by what NMState says of its policy. `policy` is what it should be. */
export function policyTrouble(
  live: KubeObject | undefined,
  policy: KubeObject,
  wanted: WantedBridge,
): NetworkTrouble | undefined {
  const { bridge, uplink } = wanted;
  const message = `NMState is putting the bridge ${bridge} over ${uplink} on the nodes`;
  const underWay: NetworkTrouble = { reason: 'PolicyProgressing', message };
  // What NMState says of other content is no answer.
  if (live === undefined || !covers(live, policy)) return underWay;
  const conditions: readonly Json[] = live['status']?.conditions ?? [];
  if (conditions.some((one) => one.reason === 'NoMatchingNode')) return noNode(bridge);
  const degraded = conditions.find((one) => one.type === 'Degraded' && one.status === 'True');
  if (degraded !== undefined) return rolledBack(wanted, degraded.message ?? degraded.reason);
  return conditions.some((one) => one.type === 'Available' && one.status === 'True') ? undefined : underWay;
}

export function noNode(bridge: string): NetworkTrouble {
  const why = `no node has the labels that the bridge ${bridge} is for`;
  return { reason: 'NoMatchingNode', message: `${why}; correct highAvailability.nodeSelector, or label a node` };
}

function rolledBack({ bridge, uplink }: WantedBridge, said: string): NetworkTrouble {
  const why = `NMState could not put the bridge ${bridge} over ${uplink} and has taken it back (${said})`;
  const wayOut = `look at the NodeNetworkConfigurationEnactments of ${policyName(bridge)}`;
  return { reason: 'PolicyDegraded', message: `${why}; ${wayOut}` };
}
