import { isIPv4 } from 'node:net';
import type { Json } from '#kube/json';
import type { GuestNic } from '../plan.ts';
import { document } from './document.ts';

/** Whether a guest has to be told of its NICs: otherwise its image asks DHCP on the first by itself. */
export function needsNetworkData(nics: readonly GuestNic[]): boolean {
  return nics.some(({ pod, mtu, ipConfig }) => !pod && (mtu !== undefined || ipConfig !== undefined));
}

/** Netplan, version 2. It takes the place of what an image does by itself, so the pod network is listed too. */
export function networkData(nics: readonly GuestNic[]): string {
  const hasRoute = nics.some((nic) => isIPv4(gatewayOf(nic) ?? ''));
  const leading = hasRoute ? undefined : nics.find(isLeased);
  const hasResolver = nics.some((nic) => resolversOf(nic).length > 0);
  // One default route: a second lease would bring a second one, and resolvers that are not reached any more.
  const overrides = { 'use-routes': false, ...(hasResolver ? { 'use-dns': false } : {}) };
  const entries = nics.map((nic) => {
    const lease = nic === leading ? { dhcp4: true } : { dhcp4: true, 'dhcp4-overrides': overrides };
    return [nic.name, ethernet(nic, isLeased(nic) ? lease : {})];
  });
  return document({ version: 2, ethernets: Object.fromEntries(entries) });
}

/** NICs are told apart by their addresses: how a guest calls them is its own affair. */
function ethernet(nic: GuestNic, lease: Json): Json {
  const { macAddress, mtu, ipConfig, pod } = nic;
  const address = ipConfig?.mode === 'static' && !pod ? ipConfig.address : undefined;
  const via = gatewayOf(nic);
  const resolvers = resolversOf(nic);
  return {
    match: { macaddress: macAddress },
    ...lease,
    ...(address === undefined ? {} : { addresses: [address] }),
    ...(via === undefined ? {} : { routes: [{ to: 'default', via }] }),
    ...(resolvers.length === 0 ? {} : { nameservers: { addresses: resolvers } }),
    ...(mtu === undefined ? {} : { mtu }),
  };
}

function resolversOf({ pod, ipConfig }: GuestNic): readonly string[] {
  return pod ? [] : (ipConfig?.dnsServers ?? []);
}

/** The schema lets one network alone have one. */
function gatewayOf({ pod, ipConfig }: GuestNic): string | undefined {
  return pod ? undefined : ipConfig?.gateway;
}

function isLeased({ pod, ipConfig }: GuestNic): boolean {
  return pod || ipConfig?.mode === 'dhcp' || ipConfig?.mode === 'ipam';
}
