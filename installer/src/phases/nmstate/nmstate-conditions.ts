import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { Node } from '#profile/schema';
import { type Condition, every, met, unmet } from '../verbs/condition.ts';
import { Persistence } from '../verbs/persistence.ts';
import { daemonSetReady, deploymentAvailable } from '../verbs/workload-ready.ts';

/** The handler writes what it sees every few seconds to a minute; older than this, it has stopped looking. */
const fresh = 5 * 60_000;
/** A link that is down for so long does not come up by itself. */
const patience = 3 * 60_000;

const installed: Condition = async (sight) => {
  const resource: Json = await sight.cluster.get({ apiVersion: 'nmstate.io/v1', kind: 'NMState', name: 'nmstate' });
  const conditions: readonly Json[] = resource?.status?.conditions ?? [];
  const of = (type: string) => conditions.find((one) => one.type === type);
  const about = { kind: 'NMState', name: 'nmstate' };
  if (of('Degraded')?.status === 'True') return unmet(`NMState is degraded: ${of('Degraded').message}`, { about });
  const available = of('Available');
  if (available?.status === 'True') return met('NMState is Available');
  return unmet(`NMState is not Available yet${available?.message ? `: ${available.message}` : ''}`, { about });
};

/** The operator has deployed everything and all of it runs. */
export const nmstateRuns: Condition = every(
  installed,
  daemonSetReady('nmstate', 'nmstate-handler'),
  deploymentAvailable('nmstate', 'nmstate-webhook'),
  deploymentAvailable('nmstate', 'nmstate-cert-manager'),
  deploymentAvailable('nmstate', 'nmstate-metrics'),
);

/** NMState has looked at the node a moment ago and sees its management interface up. */
export function stateFresh({ name, network }: Node): Condition {
  const lasting = new Persistence();
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
    if (link?.state !== 'up') {
      const because = `NMState sees ${wanted} of ${name} ${link?.state ?? 'nowhere'}, not up`;
      const fault = unplugged(name, wanted, because);
      return unmet(because, lasting.stayed(because, sight.now(), patience) ? { hopeless: fault } : { blame: fault });
    }
    const manager = version === undefined ? '' : `, NetworkManager ${version}`;
    return met(`${name}: ${wanted} is up${manager}`);
  };
}

function unplugged(node: string, link: string, because: string): Fault {
  return new Fault({
    code: 'PREFLIGHT-LINK',
    message: `the management interface ${link} of ${node} is not up any more`,
    cause: new Error('its cable has been unplugged, the switch port is off, or NetworkManager does not manage it', {
      cause: because,
    }),
    where: [`object NodeNetworkState ${node}`],
    remedy: [
      `ip link show ${link}          on ${node}: NO-CARRIER means the cable or the switch`,
      `nmcli device status          unmanaged means that NetworkManager leaves it alone`,
      'then run the same command again',
    ],
  });
}
