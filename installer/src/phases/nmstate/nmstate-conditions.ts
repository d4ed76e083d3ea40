import type { Json } from '#kube/json';
import type { Node } from '#profile/schema';
import { type Condition, every, inOrder, met, unmet } from '../verbs/condition.ts';
import { daemonSetReady, deploymentAvailable } from '../verbs/workload-ready.ts';

/** The handler writes what it sees every few seconds to a minute; older than this, it has stopped looking. */
const fresh = 5 * 60_000;

const installed: Condition = async (sight) => {
  const resource: Json = await sight.cluster.get({ apiVersion: 'nmstate.io/v1', kind: 'NMState', name: 'nmstate' });
  const conditions: readonly Json[] = resource?.status?.conditions ?? [];
  const of = (type: string) => conditions.find((one) => one.type === type);
  if (of('Degraded')?.status === 'True') return unmet(`NMState is degraded: ${of('Degraded').message}`);
  const available = of('Available');
  if (available?.status === 'True') return met('NMState is Available');
  return unmet(`NMState is not Available yet${available?.message ? `: ${available.message}` : ''}`);
};

/** The operator has deployed everything and all of it runs. */
export const nmstateRuns: Condition = inOrder(
  every(installed, daemonSetReady('nmstate', 'nmstate-handler')),
  deploymentAvailable('nmstate', 'nmstate-webhook'),
  deploymentAvailable('nmstate', 'nmstate-cert-manager'),
  deploymentAvailable('nmstate', 'nmstate-metrics'),
);

/** NMState has looked at the node a moment ago and sees its management interface up. */
export function stateFresh({ name, network }: Node): Condition {
  return async (sight) => {
    const ref = { apiVersion: 'nmstate.io/v1beta1', kind: 'NodeNetworkState', name };
    const state: Json = await sight.cluster.get(ref);
    if (state === undefined) return unmet(`NodeNetworkState ${name} does not exist yet`);
    const { lastSuccessfulUpdateTime: time, currentState, hostNetworkManagerVersion: version } = state.status ?? {};
    if (time === undefined) return unmet(`NMState has not seen the network of ${name} yet`);
    const age = sight.now() - Date.parse(time);
    if (age > fresh) return unmet(`NMState has last seen the network of ${name} ${Math.round(age / 60_000)} min ago`);
    const uplink = network.bridges.find(({ ports }) => ports.includes(network.management.name))?.name;
    const wanted = uplink ?? network.management.name;
    const link = (currentState?.interfaces ?? []).find((one: Json) => one.name === wanted);
    if (link?.state !== 'up') return unmet(`NMState sees ${wanted} of ${name} ${link?.state ?? 'nowhere'}, not up`);
    const manager = version === undefined ? '' : `, NetworkManager ${version}`;
    return met(`${name}: ${wanted} is up${manager}`);
  };
}
