import { isIP, SocketAddress } from 'node:net';
import type { Wukong, WukongNetwork } from '../../../api/wukong.ts';

/** The pod network is known by its name, whatever else is said of it. */
export function isPod({ name }: WukongNetwork): boolean {
  return name === 'default';
}

export function bridgeOf({ name, bridgeName }: WukongNetwork): string {
  return bridgeName ?? `br-${name}`;
}

/** `nadName` with its namespace. */
export function nadRef(namespace: string, nadName: string): { readonly namespace: string; readonly name: string } {
  const slash = nadName.indexOf('/');
  return slash < 0
    ? { namespace, name: nadName }
    : { namespace: nadName.slice(0, slash), name: nadName.slice(slash + 1) };
}

/** What names the stretch of wire that a network is on: two NICs with the same one can hear each other. */
export function segmentOf(namespace: string, network: WukongNetwork): string | undefined {
  if (isPod(network)) return undefined;
  if (network.nadName !== undefined) {
    const { namespace: of, name } = nadRef(namespace, network.nadName);
    return `nad:${of}/${name}`;
  }
  const vlan = network.vlanId ?? 0;
  if (network.type === 'sriov') return `sriov:${network.resourceName ?? ''}/${vlan}`;
  if (network.type === 'macvlan') return `uplink:${network.physicalInterface ?? ''}/${vlan}`;
  return `bridge:${bridgeOf(network)}/${vlan}`;
}

/** One key for each static address, the same for every way of writing it. */
export function addressKeys(wukong: Wukong): readonly string[] {
  return (wukong.spec.networks ?? []).flatMap((network) => addressKey(wukong, network) ?? []);
}

export function addressKey(wukong: Wukong, network: WukongNetwork): string | undefined {
  const { mode, address } = network.ipConfig ?? {};
  const segment = segmentOf(wukong.metadata.namespace ?? '', network);
  if (mode !== 'static' || address === undefined || segment === undefined) return undefined;
  const [ip = ''] = address.split('/');
  const family = isIP(ip);
  if (family === 0) return undefined;
  return `${segment} ${new SocketAddress({ address: ip, family: family === 6 ? 'ipv6' : 'ipv4' }).address}`;
}

/** The bridges that a Wukong wants on the nodes, each over an uplink of theirs. */
export function bridgeKeys(wukong: Wukong): readonly string[] {
  return [...new Set((wukong.spec.networks ?? []).filter(wantsUplink).map(bridgeOf))];
}

export function wantsUplink(network: WukongNetwork): boolean {
  const { type, nadName, physicalInterface } = network;
  const isBridge = type === 'bridge' || type === 'ovs';
  return isBridge && !isPod(network) && nadName === undefined && physicalInterface !== undefined;
}

/** `namespace/name` of each NetworkAttachmentDefinition that a Wukong names. */
export function nadKeys(wukong: Wukong): readonly string[] {
  return (wukong.spec.networks ?? []).flatMap((network) => {
    if (isPod(network) || network.nadName === undefined) return [];
    const { namespace, name } = nadRef(wukong.metadata.namespace ?? '', network.nadName);
    return [`${namespace}/${name}`];
  });
}
