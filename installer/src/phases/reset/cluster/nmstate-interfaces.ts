import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { ClusterSight, KubeObject } from '#ports/cluster';
import { uplinkOf } from '../../verbs/node-network.ts';

/** Kinds of interfaces that exist only because somebody wanted them; hardware stays, whatever a policy says of it. */
const made = [
  'linux-bridge',
  'ovs-bridge',
  'ovs-interface',
  'bond',
  'vlan',
  'vxlan',
  'dummy',
  'veth',
  'mac-vlan',
  'vrf',
];

/** The interfaces that a policy has made and that may go again without taking a node off the network. */
export async function removableIn(policy: Json, site: Site, cluster: ClusterSight): Promise<readonly string[]> {
  const desired: readonly Json[] = policy.spec?.desiredState?.interfaces ?? [];
  const wanted = desired.filter(({ type, state }) => made.includes(type) && state !== 'absent');
  if (wanted.length === 0) return [];
  const [nodes, states] = await Promise.all([
    cluster.list({ apiVersion: 'v1', kind: 'Node' }),
    cluster.list({ apiVersion: 'nmstate.io/v1beta1', kind: 'NodeNetworkState' }),
  ]);
  const needed = new Set([...ofProfile(site), ...states.flatMap((state) => carrying(state, addressesOf(nodes)))]);
  return wanted.map(({ name }) => name as string).filter((name) => !needed.has(name));
}

/** What the profile itself puts on the machines, by netplan. */
function ofProfile({ profile }: Site): readonly string[] {
  return profile.nodes.flatMap((node) => [
    uplinkOf(node),
    node.network.management.name,
    ...node.network.interfaces.map(({ name }) => name),
    ...node.network.bridges.map(({ name }) => name),
  ]);
}

function addressesOf(nodes: readonly KubeObject[]): readonly string[] {
  return nodes.flatMap(({ status }: Json) => (status?.addresses ?? []).map((one: Json) => one.address));
}

/** Interfaces with an address under which the cluster knows a node, and what they stand on. */
function carrying({ status }: Json, addresses: readonly string[]): readonly string[] {
  const interfaces: readonly Json[] = status?.currentState?.interfaces ?? [];
  const bearers = interfaces.filter((one) =>
    [...(one.ipv4?.address ?? []), ...(one.ipv6?.address ?? [])].some(({ ip }: Json) => addresses.includes(ip)),
  );
  return bearers.flatMap((one) => [
    one.name,
    one.vlan?.['base-iface'],
    ...(one['link-aggregation']?.port ?? []),
    ...(one.bridge?.port ?? []).map((port: Json) => port.name),
  ]);
}
