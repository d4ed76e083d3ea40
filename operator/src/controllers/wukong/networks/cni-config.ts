import type { Json } from '#kube/json';
import type { WukongNetwork } from '../../../api/wukong.ts';
import { bridgeOf } from './keys.ts';

/** `spec.config` of a NetworkAttachmentDefinition: the same bytes for the same network. */
export function cniConfig(name: string, network: WukongNetwork): string {
  return canonical({ cniVersion: '0.3.1', name, ...plugin(network) });
}

function plugin(network: WukongNetwork): Json {
  const { type, vlanId: vlan, mtu } = network;
  if (type === 'ovs') return { type: 'ovs', bridge: bridgeOf(network), vlan, mtu };
  if (type === 'sriov') return { type: 'sriov', vlan, spoofchk: 'on', trust: 'off' };
  if (type === 'macvlan') return { type: 'macvtap', mtu };
  const filtered = { macspoofchk: true, preserveDefaultVlan: false };
  return { type: 'bridge', bridge: bridgeOf(network), vlan, mtu, ...filtered, ...addressing(network) };
}

/** An address for the pod is an address for its interface, which is there only when nothing takes it away. */
function addressing({ ipConfig }: WukongNetwork): Json {
  if (ipConfig?.mode !== 'ipam' || ipConfig.ipam === undefined) return { disableContainerInterface: true };
  const { range, exclude } = ipConfig.ipam;
  return { ipam: { type: 'whereabouts', range, exclude, gateway: ipConfig.gateway } };
}

/** JSON with sorted keys and nothing left out that is there. */
function canonical(value: Json): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}
