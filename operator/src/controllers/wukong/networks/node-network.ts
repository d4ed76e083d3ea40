import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';

/** The interfaces of one node as NMState reports them. */
export interface NodeNetwork {
  /** By name. */
  readonly interfaces: ReadonlyMap<string, Json>;
  /** Interfaces that carry the node’s own address or its default route. */
  readonly carriers: ReadonlySet<string>;
}

/** Absent while NMState has not reported the node. */
export function nodeNetwork(node: KubeObject, states: readonly KubeObject[]): NodeNetwork | undefined {
  const current = states.find((one) => one.metadata.name === node.metadata.name)?.['status']?.currentState;
  if (current === undefined) return undefined;
  const interfaces: readonly Json[] = current.interfaces ?? [];
  const own = new Set(addressesOf(node));
  const carrying = interfaces.filter((one) => ipsOf(one).some((ip) => own.has(ip)));
  const names = [...carrying.map((one) => one.name), ...defaultRoutes(current)];
  return { interfaces: new Map(interfaces.map((one) => [one.name, one])), carriers: new Set(names) };
}

/** What stands on an interface: the bonds and bridges that it is a port of, the VLANs on it, and so on upwards. */
export function standingOn(base: string, { interfaces }: NodeNetwork): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [base];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    const next = below;
    for (const [name, one] of interfaces) {
      if (name === base || found.has(name) || !basesOf(one).includes(next)) continue;
      found.add(name);
      open.push(name);
    }
  }
  return found;
}

export function portsOf(one: Json): readonly string[] {
  return (one?.bridge?.port ?? one?.bridge?.ports ?? []).map((port: Json) => port.name);
}

function basesOf(one: Json): readonly string[] {
  const bond: readonly string[] = one['link-aggregation']?.port ?? one['link-aggregation']?.ports ?? [];
  const below = [one.vlan, one['mac-vlan'], one['mac-vtap'], one.vxlan].map((on) => on?.['base-iface']);
  return [...below, ...bond, ...portsOf(one)];
}

function addressesOf(node: KubeObject): readonly string[] {
  const addresses: readonly Json[] = node['status']?.addresses ?? [];
  return addresses.filter((one) => one.type === 'InternalIP').map((one) => one.address);
}

function ipsOf(one: Json): readonly string[] {
  const addresses: readonly Json[] = [...(one.ipv4?.address ?? []), ...(one.ipv6?.address ?? [])];
  return addresses.map(({ ip }) => ip);
}

function defaultRoutes({ routes }: Json): readonly string[] {
  const running: readonly Json[] = routes?.running ?? [];
  return running
    .filter((one) => one.destination === '0.0.0.0/0' || one.destination === '::/0')
    .map((one) => one['next-hop-interface']);
}
